namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What a delivery is answered: GitHub shows both to whoever looks at it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What became of it, or what would be right.</param>
internal readonly record struct WebhookAnswer(int Status, string Text)
{
    public static WebhookAnswer Accepted(string text) => new(StatusCodes.Status202Accepted, text);

    public static WebhookAnswer BadRequest(string text) => new(StatusCodes.Status400BadRequest, text);

    public static WebhookAnswer Unavailable(string text) => new(StatusCodes.Status503ServiceUnavailable, text);
}
