using System.Net;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Distinguishes a gRPC server's answer from an intermediary's: an answer that is not gRPC is a failure of the transport. Grpc.Net.Client gives it
/// a gRPC status, which then looks like the server's answer.
/// </summary>
/// <param name="inner">Sends.</param>
/// <param name="answered">Is shown every answer.</param>
internal sealed class GrpcAnswerHandler(HttpMessageHandler inner, Action<HttpResponseMessage>? answered) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        answered?.Invoke(response);
        var type = response.Content.Headers.ContentType?.MediaType;
        if (response.StatusCode == HttpStatusCode.OK && type?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true)
        {
            return response;
        }

        var status = response.StatusCode;
        response.Dispose();
        throw new NotGrpcException(status, $"the answer is HTTP {(int)status} with {type ?? "no content"}, not gRPC; is this the gRPC port?");
    }
}
