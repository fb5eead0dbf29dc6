namespace RunnerMetrics.EndToEnd.Tests.Deployments;

/// <summary>
/// Thirteen times four weeks of deployments of one repository, each with numbers of its own, so that no answer is right by chance. All of a period happens
/// within it.
/// </summary>
internal sealed class DeploymentYear
{
    public const int Periods = 13;

    private static readonly TimeSpan Period = TimeSpan.FromDays(28);
    private static readonly double[] LeadTimeBuckets = [900, 3600, 14400, 43200, 86400, 172800];
    private static readonly double[] RecoveryBuckets = [300, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 604800];

    private readonly List<YearEvent> _events = [];
    private readonly int[] _failed = new int[Periods];
    private readonly int[] _mended = new int[Periods];
    private readonly int[] _reworks = new int[Periods];
    private readonly List<double>[] _recoveries = [.. Enumerable.Range(0, Periods).Select(_ => new List<double>())];
    private int _ids;

    public DeploymentYear(DateTimeOffset end)
    {
        End = end;
        for (var period = 0; period < Periods; period++)
        {
            Plan(period);
        }

        _events.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public DateTimeOffset End { get; }

    public DateTimeOffset Start => End - (Periods * Period);

    public IReadOnlyList<YearEvent> Events => _events;

    public DateTimeOffset EndOf(int period) => Start + ((period + 1) * Period);

    /// <summary>What the rules are to say at the end of a period; null if there is nothing to say.</summary>
    public IEnumerable<(string Rule, double? Expected)> Answers(int period)
    {
        var good = Deployments(period);
        var lead = LeadTime(period).TotalSeconds;
        var recoveries = _recoveries[period];
        return
        [
            ("dora:deployments:increase28d", good),
            ("dora:failed_runs:increase28d", _failed[period]),
            ("dora:deployment_frequency:per_day28d", good / 28.0),
            ("dora:change_lead_time_seconds:mean28d", lead),
            ("dora:change_lead_time_seconds:p50_28d", Median([.. Enumerable.Repeat(lead, good)], LeadTimeBuckets)),
            ("dora:change_fail:ratio28d", (double)_mended[period] / good),
            ("dora:deployment_rework:ratio28d", (double)_reworks[period] / good),
            ("dora:failed_deployment_recovery_time_seconds:mean28d", recoveries.Count == 0 ? null : recoveries.Average()),
            ("dora:failed_deployment_recovery_time_seconds:p50_28d", Median(recoveries, RecoveryBuckets)),
        ];
    }

    private static int Deployments(int period) => 6 + (2 * period);

    private static TimeSpan LeadTime(int period) => TimeSpan.FromMinutes(20 * (period + 1));

    // Good deployments at even distances; behind some of them a failed run, an incident, or the rework that the next one is.
    private void Plan(int period)
    {
        var count = Deployments(period);
        var step = TimeSpan.FromMinutes(Math.Floor(Period.TotalMinutes / (count + 1)));
        for (var i = 0; i < count; i++)
        {
            var at = EndOf(period) - Period + ((i + 1) * step);
            var id = Deploy(at, LeadTime(period));
            if (i < (period + 2) % 3)
            {
                // Two runs in a row that fail: one time to recover, from the first of them to the next good one.
                var first = at + (step / 2);
                Fail(first);
                Fail(first + (step / 4));
                _failed[period] += 2;
                _recoveries[period].Add((at + step - first).TotalSeconds);
            }

            var isMended = i < (period + 2) % 4;
            if (isMended)
            {
                // Two incidents of one deployment are one change that failed.
                var hours = TimeSpan.FromHours(1 + (0.5 * period));
                Mend(id, at + TimeSpan.FromMinutes(7), hours);
                Mend(id, at + TimeSpan.FromMinutes(9), hours);
                _recoveries[period].AddRange([hours.TotalSeconds, hours.TotalSeconds]);
            }

            // The second deployment of every third period is a rework: it fixes the first one.
            if (i == 1 && period % 3 == 0)
            {
                _events.Add(new YearEvent(at + TimeSpan.FromMinutes(1), YearEvent.Rework, id));
                _reworks[period]++;
                _mended[period] += (period + 2) % 4 == 0 ? 1 : 0; // else an incident was traced to that one already
            }

            _mended[period] += isMended ? 1 : 0;
        }
    }

    private int Deploy(DateTimeOffset at, TimeSpan lead)
    {
        var id = ++_ids;
        _events.AddRange([
            new YearEvent(at - lead, YearEvent.Push, id), new YearEvent(at - TimeSpan.FromMinutes(5), YearEvent.Pending, id), new YearEvent(at, YearEvent.Success, id)]);
        return id;
    }

    private void Fail(DateTimeOffset at) => _events.Add(new YearEvent(at, YearEvent.Failure, ++_ids));

    private void Mend(int deployment, DateTimeOffset opened, TimeSpan took)
    {
        var id = ++_ids;
        _events.AddRange([
            new YearEvent(opened, YearEvent.Opened, id) { Cause = deployment }, new YearEvent(opened + took, YearEvent.Resolved, id)]);
    }

    // As histogram_quantile finds it: evenly spread within the bucket that holds it.
    private static double? Median(List<double> values, double[] buckets)
    {
        if (values.Count == 0)
        {
            return null;
        }

        var rank = values.Count / 2.0;
        var (lower, below) = (0.0, 0);
        foreach (var bound in buckets)
        {
            var within = values.Count(value => value <= bound);
            if (within >= rank)
            {
                return lower + ((bound - lower) * (rank - below) / (within - below));
            }

            (lower, below) = (bound, within);
        }

        throw new InvalidOperationException("a value is beyond the buckets that the year expects");
    }
}
