using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>Delivers webhooks as GitHub does.</summary>
internal static class Deliveries
{
    public static async Task<(HttpStatusCode Status, string Text)> DeliverAsync(
        this RunningExporter exporter, byte[] body, string name = "workflow_job", string? id = null, string? secret = null, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/github") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", id ?? Guid.NewGuid().ToString());
        request.Headers.Add("X-GitHub-Hook-ID", "292430182");
        request.Headers.TryAddWithoutValidation("User-Agent", "GitHub-Hookshot/044aadd");
        if (secret is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", Payload.Sign(body, secret));
        }

        change?.Invoke(request);
        using var response = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }

    public static async Task TakesAsync(this RunningExporter exporter, JsonNode payload, string? id = null)
    {
        var (status, text) = await exporter.DeliverAsync(payload.Bytes(), id: id);
        Assert.True(status == HttpStatusCode.Accepted, $"{status}: {text}");
    }
}
