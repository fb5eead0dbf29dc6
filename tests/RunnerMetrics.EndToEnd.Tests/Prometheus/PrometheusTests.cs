using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Prometheus;

/// <summary>A real Prometheus says what real runners' files say.</summary>
public class PrometheusTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_RecordedRunners_SaysWhatTheRecordingsSay()
    {
        PrometheusServer.SkipWhereMissing();
        await using var fleet = await RecordedFleet.StartAsync(Cancelled);
        await using var prometheus = await PrometheusServer.StartAsync(fleet.Http, Cancelled);
        var all = fleet.Recordings;
        await prometheus.WaitForAsync("sum(github_runner_jobs_total)", samples => samples is [(_, var jobs)] && (int)jobs == all.Count, Cancelled);

        await prometheus.WaitForAsync("up", samples => samples is [(_, 1)], Cancelled);
        await AssertByLabelAsync(prometheus, "status", "sum by (status) (github_runner_jobs_total) > 0", all.CountBy(r => r.Conclusion));
        await AssertByLabelAsync(
            prometheus, "reason", "sum by (reason) (github_runner_job_failures_total) > 0", all.Where(r => r.FailureReason is not null).CountBy(r => r.FailureReason!));
        await AssertDurationsAsync(prometheus, all);
        await AssertRunnersAsync(prometheus, all);
    }

    [Fact]
    public async Task Prometheus_OpenMetrics_StoresExemplarsThatFindTheJob()
    {
        PrometheusServer.SkipWhereMissing();
        await using var fleet = await RecordedFleet.StartAsync(Cancelled);
        await using var prometheus = await PrometheusServer.StartAsync(fleet.Http, Cancelled);
        await prometheus.WaitForAsync(
            "sum(github_runner_jobs_total)", samples => samples is [(_, var jobs)] && (int)jobs == fleet.Recordings.Count, Cancelled);

        using var exemplars = await prometheus.ExemplarsAsync("github_runner_job_duration_seconds_bucket{runner_name=\"runner-ok\",status=\"success\"}", Cancelled);
        var exemplar = exemplars.RootElement.GetProperty("data").EnumerateArray().SelectMany(s => s.GetProperty("exemplars").EnumerateArray()).First();
        Assert.Equal("acme/shop", exemplar.GetProperty("labels").GetProperty("repository").GetString());
        Assert.Equal("1001", exemplar.GetProperty("labels").GetProperty("run_id").GetString());
        Assert.Equal("4242", exemplar.GetProperty("labels").GetProperty("check_run_id").GetString());
        Assert.Equal("4", exemplar.GetProperty("value").GetString());
    }

    [Fact]
    public async Task Promtool_ScrapeOfRecordedRunners_FindsNothingToSay()
    {
        Promtool.SkipWhereMissing();
        await using var fleet = await RecordedFleet.StartAsync(Cancelled);
        using var client = new PatientHttpClient();
        var text = "";
        await Wait.UntilAsync(
            async () => (text = await client.GetStringAsync(new Uri(fleet.Http, "/metrics"), Cancelled)).Split('\n')
                .Where(line => line.StartsWith("github_runner_jobs_total{", StringComparison.Ordinal)).Sum(line => int.Parse(line.Split(' ')[^1], null)) == fleet.Recordings.Count,
            () => text,
            Cancelled);

        Assert.Equal((0, ""), await Promtool.RunAsync(["check", "metrics"], Cancelled, input: text));
    }

    private static async Task AssertDurationsAsync(PrometheusServer prometheus, IReadOnlyList<Recording> all)
    {
        Assert.Equal(all.Count, await prometheus.ValueAsync("sum(github_runner_job_duration_seconds_count)", Cancelled));
        Assert.Equal(all.Count, await prometheus.ValueAsync("sum(github_runner_job_duration_seconds_bucket{le=\"+Inf\"})", Cancelled));
        Assert.Equal(all.Sum(r => r.Seconds), await prometheus.ValueAsync("sum(github_runner_job_duration_seconds_sum)", Cancelled), 6);
        foreach (var bound in new[] { 10, 20, 40, 80, 160 })
        {
            var within = await prometheus.ValueAsync($"sum(github_runner_job_duration_seconds_bucket{{le=\"{bound}.0\"}})", Cancelled);
            Assert.Equal(all.Count(r => r.Seconds <= bound), within);
        }
    }

    private static async Task AssertRunnersAsync(PrometheusServer prometheus, IReadOnlyList<Recording> all)
    {
        var own = all.Where(r => !r.IsEphemeral).ToDictionary(r => r.Runner, _ => 1.0);
        Assert.Equivalent(own, (await prometheus.SamplesAsync("github_runner_status", samples => samples.Count == own.Count, Cancelled)).ToDictionary(s => s.Labels["runner_name"], s => s.Value));
        Assert.Equal(own.Count, await prometheus.ValueAsync("sum(github_runners{state=\"idle\"})", Cancelled));
        Assert.Equal(0, await prometheus.ValueAsync("sum(github_runner_busy)", Cancelled));
        var versions = await prometheus.SamplesAsync("count by (version) (github_runner_info)", samples => samples.Count > 0, Cancelled);
        Assert.Equal("2.336.0", Assert.Single(versions).Labels["version"]);
        Assert.Equal(1, await prometheus.ValueAsync("sum(github_runner_jobs_total{runner_name=\"ephemeral\"})", Cancelled));
    }

    private static async Task AssertByLabelAsync(
        PrometheusServer prometheus, string label, string query, IEnumerable<KeyValuePair<string, int>> expected)
    {
        var samples = await prometheus.SamplesAsync(query, samples => samples.Count > 0, Cancelled);
        Assert.Equivalent(expected.ToDictionary(e => e.Key, e => (double)e.Value), samples.ToDictionary(s => s.Labels[label], s => s.Value), strict: true);
    }
}
