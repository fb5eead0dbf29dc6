using System.Net;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Tells what a gRPC server answers from what stands between: an answer that is no gRPC answer is a failure of the transport. Grpc.Net.Client gives it
/// a status of gRPC's own, which then looks like the server's word.
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
