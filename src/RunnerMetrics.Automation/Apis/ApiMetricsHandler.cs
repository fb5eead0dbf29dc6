using System.Net;

namespace RunnerMetrics.Automation.Apis;

/// <summary>
/// Records the calls of an <see cref="HttpClient"/> to an OpenAI-compatible API: how each ended and how long it took, the rate limit (429, and its
/// <c>Retry-After</c>), and the tokens that its <c>usage</c> names, in JSON answers and in streams of events. Bodies are inspected while they are read and never stored.
/// </summary>
/// <remarks>
/// A call is counted when its response body was read to the end, or disposed. This handler cannot detect a cancellation
/// by <see cref="HttpClient.Timeout"/>: such calls count as cancelled. Set that to infinite, and set the time-out here.
/// </remarks>
public sealed class ApiMetricsHandler : DelegatingHandler
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(100);

    private readonly ApiMetrics _metrics;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <summary>Makes a handler that sends by itself.</summary>
    /// <param name="metrics">Receives the recordings.</param>
    /// <param name="timeout">How long a call may wait for the head of its answer, and for each further part of it; 100 s if none is given.</param>
    /// <param name="time">Measures time; the system's clock if none is given.</param>
    public ApiMetricsHandler(ApiMetrics metrics, TimeSpan? timeout = null, TimeProvider? time = null)
        : this(metrics, new SocketsHttpHandler(), timeout, time)
    {
    }

    /// <summary>Makes a handler that sends by another one.</summary>
    /// <param name="metrics">Receives the recordings.</param>
    /// <param name="inner">Sends. What it decompresses can be inspected; a body that arrives here compressed is not.</param>
    /// <param name="timeout">How long a call may wait for the head of its answer, and for each further part of it; 100 s if none is given.</param>
    /// <param name="time">Measures time; the system's clock if none is given.</param>
    public ApiMetricsHandler(ApiMetrics metrics, HttpMessageHandler inner, TimeSpan? timeout = null, TimeProvider? time = null)
        : base(inner)
    {
        _metrics = metrics;
        _timeout = timeout ?? DefaultTimeout;
        _time = time ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = new ObservedCall(_metrics, _timeout, _time);
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Observe(await base.SendAsync(request, both.Token), call);
        }
        catch (Exception e) when (call.Fail(e, cancellationToken) == ApiCallEnd.Timeout)
        {
            throw call.TimedOut(e);
        }
    }

    /// <inheritdoc/>
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = new ObservedCall(_metrics, _timeout, _time);
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return Observe(base.Send(request, both.Token), call);
        }
        catch (Exception e) when (call.Fail(e, cancellationToken) == ApiCallEnd.Timeout)
        {
            throw call.TimedOut(e);
        }
    }

    private HttpResponseMessage Observe(HttpResponseMessage response, ObservedCall call)
    {
        call.HeadCame();
        if (EndOf(response.StatusCode) is { } end)
        {
            if (response.Headers.RetryAfter is { } retry)
            {
                _metrics.RecordRetryAt(retry.Date ?? (_time.GetUtcNow() + (retry.Delta ?? TimeSpan.Zero)));
            }

            call.End(end);
        }
        else
        {
            response.Content = new ObservedContent(response.Content, call);
        }

        return response;
    }

    // null: a good answer, if its body is.
    private static ApiCallEnd? EndOf(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        429 => ApiCallEnd.RateLimited,
        401 or 403 => ApiCallEnd.AuthenticationError,
        >= 400 and < 500 => ApiCallEnd.ClientError,
        >= 500 => ApiCallEnd.ServerError,
        _ => ApiCallEnd.InvalidResponse,
    };
}
