using RunnerMetrics.Domain;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>Every question of the dashboards, asked of a real Prometheus that holds a day of the exporter's own answers; the main ones compared with what the fleet did.</summary>
public class DashboardDayTests(BackfilledDay backfilled) : IClassFixture<BackfilledDay>
{
    /// <summary>All runners of the day by their names: what is recorded without names does not answer.</summary>
    private const string EachByName = ".+-.+|ephemeral";

    /// <summary>Tables that are empty where all is well.</summary>
    private static readonly string[] MayBeNone = ["Running longest"];

    /// <summary>The dashboards that the day has something for: GitHub's API is not asked in it.</summary>
    private static readonly IReadOnlyList<GrafanaDashboard> Dashboards = [.. GrafanaDashboard.Runners.Except([GrafanaDashboard.GitHub])];

    /// <summary>What may be empty at the end of the day, and why.</summary>
    private static readonly Dictionary<string, string> Empty = new()
    {
        ["a week before"] = "the day has no week before it",
        ["Firing alerts"] = "no alerting rule is evaluated while the day is stored",
        ["alerts"] = "no alerting rule is evaluated while the day is stored",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OverADay_HaveAnswers()
    {
        SkipWhereMissing();
        List<string> problems = [];
        foreach (var query in Dashboards.SelectMany(dashboard => dashboard.Queries))
        {
            problems.AddRange((await ProblemsOfAsync(query)).Select(problem => $"{problem}: {query}"));
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    [Fact]
    public async Task Rules_OverADay_HaveAnswers()
    {
        SkipWhereMissing();
        Assert.NotEmpty(backfilled.Rules);
        foreach (var (name, expression, isRecording) in backfilled.Rules)
        {
            var series = await backfilled.Prometheus.QueryRangeAsync(isRecording ? name : expression, backfilled.Day.Start, backfilled.Day.End, SimulatedDay.Step, Cancelled);
            Assert.True(series.Count > 0 || !isRecording, $"{name} recorded nothing");
            Assert.All(series.SelectMany(one => one.Points), point => Assert.False(double.IsNaN(point.Value), $"{name} is NaN at {point.Time}"));
        }
    }

    [Fact]
    public async Task Jobs_ByStatus_AreWhatTheFleetDid()
    {
        SkipWhereMissing();
        var did = backfilled.Day.Ended.CountBy(job => job.Status).ToDictionary(count => count.Key, count => (double)count.Value);
        Assert.Equal(4, did.Count);

        var shown = await AskAsync("runner-overview", "Job status distribution", "{{status}}");
        Assert.Equal(did.Keys.Order(), shown.Select(sample => sample.Labels["status"]).Order());
        Assert.All(shown, sample => Assert.Equal(did[sample.Labels["status"]], sample.Value));
        Assert.Equal(backfilled.Day.Ended.Count, await ValueAsync("runner-overview", "Total jobs", "jobs"));
        AssertNear(did["success"] / backfilled.Day.Ended.Count, await ValueAsync("runner-overview", "Success rate", "success rate"), 0.001, "success rate");
    }

    [Fact]
    public async Task Runners_AreWhatTheyAreAtTheEnd()
    {
        SkipWhereMissing();
        var states = (await AskAsync("runner-overview", "Runners by state", "{{state}}")).ToDictionary(sample => sample.Labels["state"], sample => sample.Value);
        Assert.Equal(backfilled.Day.Busy, states["busy"]);
        Assert.True(states["offline"] >= 1, "the dead runner is not offline");
        Assert.Equal(states["offline"], await ValueAsync("runner-overview", "Offline", "offline"));
        Assert.Equal(states["busy"] + states["idle"], await ValueAsync("runner-overview", "Active runners", "online"));
        Assert.Equal(backfilled.Day.Waiting, (await AskAsync("performance-trends", "Jobs that wait", "{{runner_type}}")).Sum(sample => sample.Value));
        Assert.Equal(1, await ValueAsync("job-analysis", "Unresolved", "unresolved"));
    }

    [Fact]
    public async Task Failures_AndCaches_AreWhatTheFleetDid()
    {
        SkipWhereMissing();
        var notOfTheJob = backfilled.Day.Ended.Count(job => job.Status == "failed" && job.Reason != Contracts.V1.JobCompleted.Types.FailureReason.Job);
        Assert.True(notOfTheJob > 0);
        AssertNear((double)notOfTheJob / backfilled.Day.Ended.Count, await ValueAsync("job-analysis", "Failures not of the job itself", "of all jobs"), 0.001, "failures of setup and runner");
        foreach (var (labels, value) in await backfilled.Prometheus.QueryAsync(GrafanaDashboard.Of("runner-overview").Query("Cache hit rates", "{{cache_type}}").Substitute(window: "1d"), Cancelled, backfilled.Day.End))
        {
            AssertNear(labels["cache_type"] == "npm" ? 0.8 : 0.375, value, 0.01, labels["cache_type"]);
        }
    }

    // An estimate within a bucket, and the exact quantile: of the same bucket, or of the two that it lies between.
    [Theory]
    [InlineData("median", 0.5)]
    [InlineData("95th percentile", 0.95)]
    public async Task Durations_AreWithinABucketOfTheExactOnes(string legend, double quantile)
    {
        SkipWhereMissing();
        var durations = backfilled.Day.Ended.Where(job => job.Status != "lost").Select(job => job.Duration.TotalSeconds).Order().ToList();
        var exact = durations[(int)Math.Ceiling(quantile * durations.Count) - 1];
        var query = GrafanaDashboard.Of("runner-overview").Query("Job duration trends", legend);
        var (_, shown) = Assert.Single(await backfilled.Prometheus.QueryAsync(query.Substitute(window: "1d", runners: EachByName), Cancelled, backfilled.Day.End));

        Assert.InRange(BucketOf(60 * shown), BucketOf(exact) - 1, BucketOf(exact) + 1);
        Assert.InRange(60 * shown / exact, 0.5, 2);
    }

    [Fact]
    public async Task Deployments_AreWhatHappened()
    {
        SkipWhereMissing();
        foreach (var (dashboard, frequency, lead, failures, unit) in new[]
        {
            ("runner-overview", ("Deployment frequency", "deployments a day"), ("Lead time", "lead time"), ("Change failure rate", "change failure rate"), 60),
            ("dora-metrics", ("Deployment frequency", "Deployment frequency"), ("Change lead time", "Change lead time"), ("Change fail rate", "Change fail rate"), 1),
        })
        {
            AssertNear(DeploymentDay.Good / 28.0, await ValueAsync(dashboard, frequency.Item1, frequency.Item2), 0.02, "deployments a day");
            AssertNear((double)DeploymentDay.ChangesThatFailed / DeploymentDay.Good, await ValueAsync(dashboard, failures.Item1, failures.Item2), 0.02, "change failure rate");

            // All of them took two hours, and two hours are in the bucket of one to four: its middle is shown.
            Assert.InRange(DeploymentDay.LeadSeconds, 3600, 14_400);
            AssertNear((3600 + 14_400) / 2.0, unit * await ValueAsync(dashboard, lead.Item1, lead.Item2), 0.001, "lead time");
        }
    }

    // Prometheus extrapolates the counters of each runner to the edges of the window, and what is recorded of them is exact.
    [Theory]
    [InlineData("runner-overview", "Job duration trends", 0.001)]
    [InlineData("performance-trends", "Job duration by type", 0.001)]
    [InlineData("performance-trends", "Queue time", 0.001)]
    [InlineData("job-analysis", "Durations", 0.001)]
    [InlineData("runner-overview", "Total jobs", 0.02)]
    [InlineData("runner-overview", "Success rate", 0.02)]
    [InlineData("runner-overview", "Job status distribution", 0.02)]
    [InlineData("runner-overview", "Cache hit rates", 0.02)]
    [InlineData("job-analysis", "Failures not of the job itself", 0.02)]
    [InlineData("job-analysis", "Corrected", 0.02)]
    [InlineData("job-analysis", "Lost", 0.02)]
    [InlineData("performance-trends", "Mean duration by type", 0.05)]
    [InlineData("performance-trends", "Cache hit rate", 0.02)]
    public async Task Recorded_WithoutNames_SaysWhatTheSeriesOfEachRunnerSay(string uid, string panel, double tolerance)
    {
        SkipWhereMissing();
        foreach (var query in GrafanaDashboard.Of(uid).Queries.Where(query => query.Panel == panel))
        {
            var (recorded, raw) = (await AnswersAsync(".+"), await AnswersAsync(EachByName));
            Assert.NotEmpty(recorded);
            Assert.Equal(raw.Keys.Order(), recorded.Keys.Order());
            Assert.All(raw, sample => AssertNear(sample.Value, recorded[sample.Key], tolerance, $"{query}, {sample.Key}"));

            async Task<Dictionary<string, double>> AnswersAsync(string runners) => (await backfilled.Prometheus.QueryAsync(query.Substitute(runners: runners), Cancelled, backfilled.LastEvaluation))
                .ToDictionary(sample => string.Join(',', sample.Labels.OrderBy(label => label.Key).Select(label => label.Value)), sample => sample.Value);
        }
    }

    // Grafana asks for a point every 1000th of the range, but not more often than there are scrapes, at whole multiples of that step.
    [Theory]
    [InlineData("5m")]
    [InlineData("15m")]
    [InlineData("30m")]
    [InlineData("6h")]
    [InlineData("2d")]
    [InlineData("30d")]
    public async Task Panels_OverEachRange_ShowWhatIsThere_UpToNow(string range)
    {
        SkipWhereMissing();
        const int Points = 1000;
        var length = TimeSpan.FromMinutes(int.Parse(range[..^1], null) * (range[^1] switch { 'm' => 1, 'h' => 60, _ => 24 * 60 }));
        var step = TimeSpan.FromSeconds(Math.Max(SimulatedDay.Step.TotalSeconds, Math.Ceiling(length.TotalSeconds / Points)));
        var end = new DateTimeOffset(backfilled.Day.End.Ticks / step.Ticks * step.Ticks, TimeSpan.Zero);
        var rateInterval = $"{Math.Max((step + SimulatedDay.Step).TotalSeconds, 4 * SimulatedDay.Step.TotalSeconds)}s";
        List<string> problems = [];
        foreach (var query in Dashboards.SelectMany(dashboard => dashboard.Queries).Where(query => query.Panel is not ("variable" or "annotation") && !Empty.ContainsKey(query.Legend)))
        {
            var expression = query.Substitute(range: range, rateInterval: rateInterval);
            if (query.IsInstant)
            {
                problems.AddRange((await backfilled.Prometheus.QueryAsync(expression, Cancelled, backfilled.Day.End)).Count > 0 || MayBeNone.Contains(query.Panel) ? [] : [$"nothing: {query}"]);
                continue;
            }

            var points = (await backfilled.Prometheus.QueryRangeAsync(expression, end - length, end, step, Cancelled)).SelectMany(series => series.Points).ToList();
            if (points.Count == 0 || points.Max(point => point.Time) < (end - step).ToUnixTimeSeconds())
            {
                problems.Add($"{(points.Count == 0 ? "nothing" : $"its newest point is {end - DateTimeOffset.FromUnixTimeSeconds((long)points.Max(point => point.Time))} old")}: {query}");
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static void SkipWhereMissing()
    {
        PrometheusServer.SkipWhereMissing();
        Promtool.SkipWhereMissing();
    }

    private static int BucketOf(double value) => MetricCatalog.JobDuration.Buckets.Count(bound => bound < value);

    private static void AssertNear(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Max(1, expected), $"{what}: {actual} is shown, and {expected} is right");

    private async Task<IReadOnlyList<string>> ProblemsOfAsync(DashboardQuery query)
    {
        var values = new List<double>();
        try
        {
            if (query.IsInstant)
            {
                values.AddRange((await backfilled.Prometheus.QueryAsync(query.Substitute(), Cancelled, backfilled.Day.End)).Select(sample => sample.Value));
            }
            else
            {
                var series = await backfilled.Prometheus.QueryRangeAsync(query.Substitute(), backfilled.Day.Start, backfilled.Day.End, TimeSpan.FromMinutes(5), Cancelled);
                values.AddRange(series.SelectMany(one => one.Points).Select(point => point.Value));
            }
        }
        catch (HttpRequestException e)
        {
            return [e.Message];
        }

        return values.Any(double.IsNaN) ? ["NaN"]
            : values.Count == 0 && !Empty.ContainsKey(query.Legend) ? ["nothing"]
            : values.Count > 0 && Empty.ContainsKey(query.Legend) ? ["an answer, where none was expected"]
            : [];
    }

    private Task<IReadOnlyList<(IReadOnlyDictionary<string, string> Labels, double Value)>> AskAsync(string uid, string panel, string legend) =>
        backfilled.Prometheus.QueryAsync(GrafanaDashboard.Of(uid).Query(panel, legend).Substitute(), Cancelled, backfilled.Day.End);

    private async Task<double> ValueAsync(string uid, string panel, string legend) => Assert.Single(await AskAsync(uid, panel, legend)).Value;
}
