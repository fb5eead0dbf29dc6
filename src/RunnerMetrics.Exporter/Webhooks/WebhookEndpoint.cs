using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http.Features;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.Exporter.Telemetry;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary><c>POST /webhooks/github</c>: lets in what is signed, and answers once it is durable.</summary>
internal sealed class WebhookEndpoint(
    GitHubWebhook webhook, WebhookMetrics metrics, BodyBudget budget, TimeProvider time, ILogger<WebhookEndpoint> logger, WebhookSecrets? secrets = null)
{
    /// <summary>GitHub caps payloads at 25 MB.</summary>
    public const int MaxBody = 25 * 1024 * 1024;

    private const int MaxHeaderLength = 100;

    /// <summary>GitHub itself waits for 10 seconds, for the answer too (docs.github.com, "Handling webhook deliveries"); an Enterprise Server for 30.</summary>
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(10);

    public async Task ServeAsync(HttpContext context)
    {
        using var span = ExporterTelemetry.StartSpan("webhook");
        var answer = await AnswerAsync(context);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return; // the client is gone
        }

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
        if (secrets is not null && signature is null)
        {
            return Unauthenticated("the delivery carries no X-Hub-Signature-256: set a secret in the webhook's settings, one of the exporter's --webhook-secret-file");
        }

        if (secrets is null && !ThisMachine.Sent(request))
        {
            return Unauthenticated("with --webhooks-without-secret a delivery has to come from this machine, to http://localhost or http://127.0.0.1, and through no proxy: give the exporter --webhook-secret-file instead");
        }

        if (!TryName(request, "X-GitHub-Event", out var name) || !TryName(request, "X-GitHub-Delivery", out var id))
        {
            metrics.Reject(RejectionReason.Malformed);
            return WebhookAnswer.BadRequest("X-GitHub-Event or X-GitHub-Delivery is missing, or too long");
        }

        return await TakeAsync(context, signature, name, id);
    }

    private async Task<WebhookAnswer> TakeAsync(HttpContext context, byte[]? signature, string name, string id)
    {
        using var limit = new CancellationTokenSource(LongestAnswer, time);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = null; // counted here, also where no length is given
        try
        {
            using var body = budget.Open(context.Connection.RemoteIpAddress, context.Request.ContentLength);
            switch (await body.ReadAsync(context.Request.BodyReader, MaxBody, cancelled.Token))
            {
                case UnverifiedBody.Outcome.TooLarge:
                    return TooLarge();
                case UnverifiedBody.Outcome.NoRoom:
                    return Refuse(
                        StatusCodes.Status503ServiceUnavailable, RejectionReason.Overloaded,
                        "deliver it again later: bodies that others send use up the memory for what is not verified yet");
            }

            if (secrets is not null)
            {
                if (!secrets.Signed(body.Bytes, signature!))
                {
                    return Unauthenticated("the signature is of none of the exporter's secrets, or of another body");
                }

                budget.Prove(body);
            }

            metrics.Hear(time.GetUtcNow());
            Activity.Current?.SetTag("runner_metrics.webhook.event", name); // signed, so it is GitHub's own word
            var host = TryName(context.Request, "X-GitHub-Enterprise-Host", out var given) ? given : "";
            var taken = webhook.TakeAsync(name, body, new WebhookDelivery(id, host, time.GetUtcNow())); // read the body whole before it waits
            try
            {
                return await taken.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!taken.IsCompleted)
            {
                // Whoever sent it takes it for failed by now, and it is asked for again; where it is kept after all, that is a duplicate then.
                _ = taken.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                context.Abort();
                return WebhookAnswer.Unavailable("deliver it again later: it could not be kept within 10 seconds");
            }
        }
        catch (StoreUnavailableException e)
        {
            return WebhookAnswer.Unavailable($"deliver it again later: {e.Message}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested)
        {
            return Refuse(StatusCodes.Status408RequestTimeout, RejectionReason.Malformed, "the body did not come within 10 seconds, which is as long as GitHub waits for an answer");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            return WebhookAnswer.BadRequest("the sender left in the middle of the body");
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel's: the body comes too slowly, ends early, or is framed wrongly.
            return Refuse(e.StatusCode, RejectionReason.Malformed, e.Message);
        }
    }

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
