using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>
/// How much of GitHub's limits is left to one credential: the hour's requests, of which only a share is used, and the points a minute of the secondary limits (docs.github.com, "Rate limits for the REST
/// API": 1 for a GET, 5 for a POST, 900 a minute).
/// </summary>
/// <param name="share">How much of an hour's requests may be used, 0 to 1.</param>
/// <param name="time">The clock.</param>
internal sealed class RateBudget(double share, TimeProvider time)
{
    private const int PointsPerMinute = 600;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Queue<(DateTimeOffset At, int Points)> _minute = [];
    private DateTimeOffset _pausedUntil = DateTimeOffset.MinValue;
    private long _reset;
    private int _points;

    /// <summary>The requests that an hour has; null until GitHub has said so.</summary>
    public int? Limit { get; private set; }

    /// <summary>How many of them are left.</summary>
    public int? Remaining { get; private set; }

    /// <summary>How many the exporter used of this hour.</summary>
    public int Used { get; private set; }

    /// <summary>What is known of them; null until GitHub has told of its limit.</summary>
    public RateStatus? Describe()
    {
        lock (_gate)
        {
            return Limit is not { } limit ? null : new RateStatus(
                limit, Remaining, Used, (int)(limit * share), DateTimeOffset.FromUnixTimeSeconds(_reset), time.GetUtcNow() < _pausedUntil ? _pausedUntil : null);
        }
    }

    /// <summary>Whether a request may be made now.</summary>
    /// <param name="part">How much of the share it may use, 0 to 1: what can wait leaves something to what cannot.</param>
    /// <returns>Why not, and until when; null where it may.</returns>
    public GitHubFailure? Refuse(double part = 1)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now < _pausedUntil)
            {
                return Limited("GitHub asked for a pause", _pausedUntil);
            }

            var reset = DateTimeOffset.FromUnixTimeSeconds(_reset);
            return Limit is not { } limit || now >= reset ? null
                : Remaining <= 0 ? Limited($"the rate limit of {limit} requests an hour is used up", reset)
                : Used >= limit * share * part ? Limited(string.Create(CultureInfo.InvariantCulture, $"the exporter has used its share of the rate limit, {limit * share * part:F0} requests of {limit} an hour (--github-rate-share)"), reset)
                : null;
        }
    }

    /// <summary>How long to wait so that a minute's points are kept to.</summary>
    public TimeSpan TakePoints(int points)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            while (_minute.TryPeek(out var oldest) && now - oldest.At >= Minute)
            {
                _points -= _minute.Dequeue().Points;
            }

            if (_points + points > PointsPerMinute)
            {
                return _minute.Peek().At + Minute - now;
            }

            _minute.Enqueue((now, points));
            _points += points;
            return TimeSpan.Zero;
        }
    }

    /// <summary>Takes note of what an answer says of the limits, and of what it cost.</summary>
    /// <returns>Until when GitHub wants no more requests; null where it takes them.</returns>
    public GitHubFailure? Note(HttpStatusCode status, HttpResponseHeaders headers)
    {
        lock (_gate)
        {
            // Some answers tell of another limit than the one that nearly all requests use.
            var isCore = !headers.TryGetValues("X-RateLimit-Resource", out var resource) || resource.First() == "core";
            if (isCore && Number(headers, "X-RateLimit-Limit") is { } limit && Number(headers, "X-RateLimit-Reset") is { } reset)
            {
                Used = reset == _reset ? Used : 0;
                (Limit, Remaining, _reset) = ((int)limit, (int?)Number(headers, "X-RateLimit-Remaining"), reset);
            }

            Used += status == HttpStatusCode.NotModified ? 0 : 1;
            if (status is not (HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests))
            {
                return null;
            }

            // Retry-After: a secondary limit. Nothing left: the hour's. 429 without a word: a minute (docs.github.com, "Best practices for using the REST API").
            var wait = headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow()
                : Remaining == 0 ? DateTimeOffset.FromUnixTimeSeconds(_reset) - time.GetUtcNow()
                : status == HttpStatusCode.TooManyRequests ? Minute
                : null;
            if (wait is null)
            {
                return null;
            }

            _pausedUntil = time.GetUtcNow() + (wait.Value > TimeSpan.Zero ? wait.Value : Minute);
            return Limited(headers.RetryAfter is null ? "the rate limit is used up" : "it was too much at once for GitHub (a secondary rate limit)", _pausedUntil);
        }
    }

    /// <summary>Waits a minute, as is asked of whoever is refused for too much at once without being told for how long.</summary>
    public GitHubFailure Pause()
    {
        lock (_gate)
        {
            _pausedUntil = time.GetUtcNow() + Minute;
            return Limited("it was too much at once for GitHub (a secondary rate limit)", _pausedUntil);
        }
    }

    private static GitHubFailure Limited(string why, DateTimeOffset until) =>
        new(GitHubFailureKind.Limited, string.Create(CultureInfo.InvariantCulture, $"{why}: it goes on at {until.UtcDateTime:HH:mm:ss} UTC")) { RetryAt = until };

    private static long? Number(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
