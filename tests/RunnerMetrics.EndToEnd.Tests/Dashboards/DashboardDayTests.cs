using RunnerMetrics.Domain;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>Every question of the dashboards, asked of a real Prometheus that holds a day of the exporter's own answers; the main ones compared with what the fleet did.</summary>
public class DashboardDayTests(BackfilledDay backfilled) : IClassFixture<BackfilledDay>
{
    /// <summary>What may be empty at the end of the day, and why.</summary>
    private static readonly Dictionary<string, string> Empty = new()
    {
        ["a week before"] = "the day has no week before it",
        ["Firing alerts"] = "no alerting rule is evaluated while the day is stored",
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Queries_OverADay_HaveAnswers()
    {
        SkipWhereMissing();
        List<string> problems = [];
        foreach (var query in GrafanaDashboard.Runners.SelectMany(dashboard => dashboard.Queries))
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

        var shown = await AskAsync("runner-overview", "Status distribution", "{{status}}");
        Assert.Equal(did.Keys.Order(), shown.Select(sample => sample.Labels["status"]).Order());
        Assert.All(shown, sample => AssertNear(did[sample.Labels["status"]], sample.Value, 0.02, sample.Labels["status"]));
        AssertNear(backfilled.Day.Ended.Count, await ValueAsync("runner-overview", "Total jobs", "jobs"), 0.02, "all jobs");
        AssertNear(did["success"] / backfilled.Day.Ended.Count, await ValueAsync("runner-overview", "Success rate", "success rate"), 0.01, "success rate");
    }

    [Fact]
    public async Task Runners_AreWhatTheyAreAtTheEnd()
    {
        SkipWhereMissing();
        var states = (await AskAsync("runner-overview", "Runner status", "{{state}}")).ToDictionary(sample => sample.Labels["state"], sample => sample.Value);
        Assert.Equal(backfilled.Day.Busy, states["busy"]);
        Assert.True(states["offline"] >= 1, "the dead runner is not offline");
        Assert.Equal(backfilled.Day.Waiting, (await AskAsync("performance-trends", "Jobs that wait", "{{runner_type}}")).Sum(sample => sample.Value));
        Assert.Equal(1, await ValueAsync("job-analysis", "Unresolved", "unresolved"));
    }

    [Fact]
    public async Task Failures_AndCaches_AreWhatTheFleetDid()
    {
        SkipWhereMissing();
        var notOfTheJob = backfilled.Day.Ended.Count(job => job.Status == "failed" && job.Reason != Contracts.V1.JobCompleted.Types.FailureReason.Job);
        Assert.True(notOfTheJob > 0);
        AssertNear((double)notOfTheJob / backfilled.Day.Ended.Count, await ValueAsync("job-analysis", "Failures not of the job itself", "of all jobs"), 0.02, "failures of setup and runner");
        foreach (var (labels, value) in await AskAsync("runner-overview", "Cache hit rates", "{{cache_type}}"))
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
        var (_, shown) = Assert.Single(await backfilled.Prometheus.QueryAsync(query.Substitute(rateInterval: "1d"), Cancelled, backfilled.Day.End));

        Assert.InRange(BucketOf(shown), BucketOf(exact) - 1, BucketOf(exact) + 1);
        Assert.InRange(shown / exact, 0.5, 2);
    }

    [Fact]
    public async Task Deployments_AreWhatHappened()
    {
        SkipWhereMissing();
        foreach (var (dashboard, frequency, lead, failures) in new[]
        {
            ("runner-overview", ("Deployment frequency", "deployments a day"), ("Lead time", "lead time"), ("Change failure rate", "change failure rate")),
            ("dora-metrics", ("Deployment frequency", "Deployment frequency"), ("Change lead time", "Change lead time"), ("Change fail rate", "Change fail rate")),
        })
        {
            AssertNear(DeploymentDay.Good / 28.0, await ValueAsync(dashboard, frequency.Item1, frequency.Item2), 0.02, "deployments a day");
            AssertNear((double)DeploymentDay.ChangesThatFailed / DeploymentDay.Good, await ValueAsync(dashboard, failures.Item1, failures.Item2), 0.02, "change failure rate");

            // All of them took two hours, and two hours are in the bucket of one to four: its middle is shown.
            Assert.InRange(DeploymentDay.LeadSeconds, 3600, 14_400);
            AssertNear((3600 + 14_400) / 2.0, await ValueAsync(dashboard, lead.Item1, lead.Item2), 0.001, "lead time");
        }
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
