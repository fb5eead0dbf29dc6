using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>POST /webhooks/github</c>: lets in what is signed, and answers once it is durable.</summary>
internal sealed class WebhookEndpoint(
    GitHubWebhook webhook, WebhookMetrics metrics, TimeProvider time, ILogger<WebhookEndpoint> logger, WebhookSecrets? secrets = null) : IDisposable
{
    /// <summary>GitHub caps payloads at 25 MB.</summary>
    public const int MaxBody = 25 * 1024 * 1024;

    private const int LargeBody = 1024 * 1024;
    private const int MaxHeaderLength = 100;

    /// <summary>GitHub itself waits for 10 seconds.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    /// <summary>Bodies are read before their signature can be checked: of large ones not more than two at once.</summary>
    private readonly SemaphoreSlim _large = new(2, 2);

    public void Dispose() => _large.Dispose();

    public async Task ServeAsync(HttpContext context)
    {
        using var span = ExporterTelemetry.StartSpan("webhook");
        var answer = await AnswerAsync(context);
        span?.SetTag("http.response.status_code", answer.Status).SetTag("runner_metrics.webhook.answer", answer.Text);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = "text/plain; charset=utf-8";
        if (answer.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "10";
        }

        await response.WriteAsync(answer.Text + "\n", context.RequestAborted);
    }

    private async Task<WebhookAnswer> AnswerAsync(HttpContext context)
    {
        var request = context.Request;
        if (!HttpMethods.IsPost(request.Method))
        {
            context.Response.Headers.Allow = "POST";
            return new WebhookAnswer(StatusCodes.Status405MethodNotAllowed, "GitHub delivers with POST");
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !string.Equals(type.MediaType, "application/json", StringComparison.OrdinalIgnoreCase))
        {
            return Refuse(StatusCodes.Status415UnsupportedMediaType, RejectionReason.MediaType, "choose the content type application/json in the webhook's settings");
        }

        if (request.ContentLength > MaxBody)
        {
            return TooLarge();
        }

        var signature = WebhookSecrets.Parse(request.Headers["X-Hub-Signature-256"]);
        if (secrets is null ? IsForwarded(request) : signature is null)
        {
            return Unauthenticated(secrets is null
                ? "behind a proxy a secret is needed: give the exporter --webhook-secret-file"
                : "the delivery carries no X-Hub-Signature-256: set a secret in the webhook's settings, one of the exporter's --webhook-secret-file");
        }

        if (!TryName(request, "X-GitHub-Event", out var name) || !TryName(request, "X-GitHub-Delivery", out var id))
        {
            metrics.Reject(RejectionReason.Malformed);
            return WebhookAnswer.BadRequest("X-GitHub-Event or X-GitHub-Delivery is missing, or too long");
        }

        var isLarge = request.ContentLength is null or > LargeBody;
        if (isLarge)
        {
            await _large.WaitAsync(context.RequestAborted);
        }

        try
        {
            return await TakeAsync(context, signature, name, id);
        }
        finally
        {
            if (isLarge)
            {
                _large.Release();
            }
        }
    }

    private async Task<WebhookAnswer> TakeAsync(HttpContext context, byte[]? signature, string name, string id)
    {
        using var limit = new CancellationTokenSource(LongestRead, time);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null; // counted here, also where no length is given
        try
        {
            using var body = await PooledBody.ReadAsync(context.Request.Body, MaxBody, cancelled.Token);
            if (body is null)
            {
                return TooLarge();
            }

            if (secrets is not null && !secrets.Signed(body.Bytes, signature!))
            {
                return Unauthenticated("the signature is of none of the exporter's secrets, or of another body");
            }

            Activity.Current?.SetTag("runner_metrics.webhook.event", name); // signed, so it is GitHub's own word
            var host = TryName(context.Request, "X-GitHub-Enterprise-Host", out var given) ? given : "";
            return await webhook.TakeAsync(name, body, new WebhookDelivery(id, host, time.GetUtcNow()));
        }
        catch (JournalUnavailableException e)
        {
            return WebhookAnswer.Unavailable($"deliver it again later: {e.Message}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return new WebhookAnswer(StatusCodes.Status408RequestTimeout, "the body did not come within 30 seconds");
        }
    }

    // Without a secret only this machine is believed, and what a proxy passes on comes from elsewhere.
    private static bool IsForwarded(HttpRequest request) =>
        request.Headers.ContainsKey("X-Forwarded-For") || request.Headers.ContainsKey("Forwarded") || request.Headers.ContainsKey("X-Real-IP");

    private static bool TryName(HttpRequest request, string header, out string value)
    {
        value = request.Headers[header].ToString();
        return value.Length is > 0 and <= MaxHeaderLength && value.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0;
    }

    private WebhookAnswer TooLarge() =>
        Refuse(StatusCodes.Status413PayloadTooLarge, RejectionReason.TooLarge, "the body is larger than 25 MB, which is more than GitHub sends");

    private WebhookAnswer Unauthenticated(string reason)
    {
        WebhookLog.NotLetIn(logger, reason);
        return Refuse(StatusCodes.Status401Unauthorized, RejectionReason.Unauthenticated, reason);
    }

    private WebhookAnswer Refuse(int status, RejectionReason reason, string text)
    {
        metrics.Reject(reason);
        return new WebhookAnswer(status, text);
    }
}
