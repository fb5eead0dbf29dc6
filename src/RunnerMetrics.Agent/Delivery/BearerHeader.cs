using Grpc.Core;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>A token as the header of a call.</summary>
internal static class BearerHeader
{
    /// <param name="token">The token; null for none.</param>
    /// <exception cref="DeliveryException">No header carries such a token.</exception>
    public static Metadata Of(string? token) => token switch
    {
        null => [],
        _ when token.AsSpan().ContainsAnyExceptInRange('!', '~') => throw new DeliveryException(
            DeliveryProblem.Unauthenticated, "The token holds a space, a control character or one beyond ASCII, which is not allowed in a header."),
        _ => new Metadata { { "authorization", $"Bearer {token}" } },
    };
}
