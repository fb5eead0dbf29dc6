using System.Globalization;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>How much each caller has used of its hour, and of its minute.</summary>
internal sealed class ApiLimits(FakeGitHubOptions options, TimeProvider time)
{
    private readonly Dictionary<string, (DateTimeOffset Ends, int Used)> _hours = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (DateTimeOffset Ends, int Points)> _minutes = new(StringComparer.Ordinal);

    public int UsedBy(string caller) => HourOf(caller).Used;

    /// <summary>Leaves nothing of an hour.</summary>
    public void UseUp(string caller) => _hours[caller] = HourOf(caller) with { Used = options.RateLimit };

    /// <summary>Counts a request's points, whatever it is answered; the refusal where there are too many.</summary>
    public ApiAnswer? TakePoints(string caller, string method)
    {
        var now = time.GetUtcNow();
        var minute = _minutes.TryGetValue(caller, out var known) && known.Ends > now ? known : (Ends: now + TimeSpan.FromMinutes(1), Points: 0);
        minute.Points += method == "GET" ? 1 : 5;
        _minutes[caller] = minute;
        return minute.Points <= options.PointsPerMinute ? null : Secondary(minute.Ends - now);
    }

    public static ApiAnswer Secondary(TimeSpan wait) => ApiAnswer
        .Refused(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.")
        .With("Retry-After", ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes one request of the hour; the refusal where there is none left.</summary>
    public ApiAnswer? Take(string caller)
    {
        var hour = HourOf(caller);
        if (hour.Used >= options.RateLimit)
        {
            return ApiAnswer.Refused(403, $"API rate limit exceeded for {caller}.");
        }

        _hours[caller] = hour with { Used = hour.Used + 1 };
        return null;
    }

    public IEnumerable<(string Name, string Value)> HeadersFor(string caller)
    {
        var hour = HourOf(caller);
        yield return ("X-RateLimit-Limit", Text(options.RateLimit));
        yield return ("X-RateLimit-Remaining", Text(options.RateLimit - hour.Used));
        yield return ("X-RateLimit-Used", Text(hour.Used));
        yield return ("X-RateLimit-Reset", Text(hour.Ends.ToUnixTimeSeconds()));
        yield return ("X-RateLimit-Resource", "core");
    }

    public (int Limit, int Used, long Reset) Of(string caller) => (options.RateLimit, HourOf(caller).Used, HourOf(caller).Ends.ToUnixTimeSeconds());

    private (DateTimeOffset Ends, int Used) HourOf(string caller)
    {
        var now = time.GetUtcNow();
        return _hours.TryGetValue(caller, out var known) && known.Ends > now ? known : _hours[caller] = (now + TimeSpan.FromHours(1), 0);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
