using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Delivers what is signed, and is as patient as GitHub: ten seconds.</summary>
internal sealed class WebhookSender : IDisposable
{
    public const string Secret = "it is a secret to everybody";

    private readonly HttpClient _client;

    public WebhookSender(Uri http) => _client = new PatientHttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { BaseAddress = http, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>A job that waits, in a payload of at least so many bytes.</summary>
    public static byte[] QueuedJob(long id, int length) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["action"] = "queued",
        ["padding"] = new string('x', length),
        ["workflow_job"] = new JsonObject
        {
            ["id"] = id,
            ["run_id"] = 7,
            ["status"] = "queued",
            ["labels"] = new JsonArray("self-hosted", "standard"),
            ["created_at"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        },
        ["repository"] = new JsonObject { ["full_name"] = "acme/shop", ["html_url"] = "https://github.com/acme/shop" },
    }.ToJsonString());

    /// <summary>Delivers once; null if there was no answer in time.</summary>
    public async Task<HttpStatusCode?> DeliverAsync(byte[] body, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/webhooks/github", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", "workflow_job");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        try
        {
            using var answer = await _client.SendAsync(request, cancelled);
            return answer.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    public Task<string> ScrapeAsync(CancellationToken cancelled) => _client.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancelled);

    public void Dispose() => _client.Dispose();
}
