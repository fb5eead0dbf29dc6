using System.Globalization;
using System.Text.Json;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Live;

namespace RunnerMetrics.Exporter.Api.Events;

/// <summary>
/// <c>GET /api/v1/events</c>: server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). Each has the id <c>epoch-number</c>; who comes back with the last one it heard goes on
/// behind it, or is told by <c>reset</c> that something was missed and that all is to be read again.
/// </summary>
internal sealed class EventStream(LiveFeed feed, EdgeLimits limits, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>How many may watch at once, where there are connections enough.</summary>
    public const int MostWatchers = 64;

    private const int MostAtOnce = 256;

    /// <summary>Not an event that one goes on behind, so without an id.</summary>
    private const string Alive = "event: alive\ndata:\n\n";

    /// <summary>So that neither the client nor whatever stands between takes a quiet stream for a dead one.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(15);

    private readonly int _most = MostOf(limits);

    /// <summary>How many may watch at once: a watcher keeps its connection, and scrapes need some too.</summary>
    public static int MostOf(EdgeLimits limits) => Math.Clamp(limits.HttpConnections / 4, 1, MostWatchers);

    public async Task ServeAsync(HttpContext context)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            Begin(context.Response);
            return;
        }

        if (!feed.TryWatch(_most))
        {
            context.Response.Headers.RetryAfter = "30";
            await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, $"{_most} clients watch already: come back later, or ask the other calls.");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            Begin(context.Response);
            await SendAsync(context.Response, Place(context.Request.Headers["Last-Event-ID"]), ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client left, or the exporter ends: either comes back.
        }
        finally
        {
            feed.Leave();
        }
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep it back
    }

    // Where the client goes on; null where it has to read all again.
    private long? Place(string? lastEventId)
    {
        if (string.IsNullOrEmpty(lastEventId))
        {
            return feed.Next;
        }

        return lastEventId.Split('-') is [var epoch, var number] && epoch == feed.Epoch
            && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var last) && feed.Read(last + 1, 0) is not null
            ? last + 1
            : null;
    }

    private async Task SendAsync(HttpResponse response, long? place, CancellationToken ended)
    {
        var next = place ?? feed.Next;
        var text = $"retry: 1000\n{Hello(place is null ? "reset" : "hello", next - 1)}";
        while (true)
        {
            await response.WriteAsync(text, ended);
            await response.Body.FlushAsync(ended);
            if (await HasNewsAsync(next, ended))
            {
                (text, next) = TextFrom(next);
            }
            else
            {
                text = Alive;
            }
        }
    }

    private (string Text, long Next) TextFrom(long next)
    {
        if (feed.Read(next, MostAtOnce) is not { } events)
        {
            var now = feed.Next;
            return (Hello("reset", now - 1), now);
        }

        var text = new System.Text.StringBuilder();
        foreach (var happened in events)
        {
            if (EventAnswer.Of(happened) is var (kind, answer))
            {
                Append(text, kind, next, JsonSerializer.Serialize(answer, ApiJson.Default.EventAnswer));
            }

            next++;
        }

        return (text.ToString(), next);
    }

    private string Hello(string kind, long last)
    {
        var text = new System.Text.StringBuilder();
        Append(text, kind, last, JsonSerializer.Serialize(new EventAnswer { At = time.GetUtcNow() }, ApiJson.Default.EventAnswer));
        return text.ToString();
    }

    private void Append(System.Text.StringBuilder text, string kind, long number, string json) =>
        text.Append(CultureInfo.InvariantCulture, $"event: {kind}\nid: {feed.Epoch}-{number}\ndata: {json}\n\n");

    private async Task<bool> HasNewsAsync(long next, CancellationToken ended)
    {
        using var silence = new CancellationTokenSource(Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, ended);
        try
        {
            await feed.WaitAsync(next, either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return false;
        }
    }
}
