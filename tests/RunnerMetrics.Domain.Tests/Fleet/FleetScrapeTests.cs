using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Scrapes of a fleet that continues.</summary>
public sealed class FleetScrapeTests
{
    [Fact]
    public async Task Snapshot_WhileWritersGoOn_IsNeverTorn()
    {
        using var fleet = new FleetScenario();
        var stop = TestContext.Current.CancellationToken;
        var written = 0;
        const int PerWriter = 4000;
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(
            () =>
            {
                var runner = FleetScenario.Runner("r" + Text(writer));
                for (var i = 0; i < PerWriter && !stop.IsCancellationRequested; i++)
                {
                    var conclusion = (JobConclusion)(1 + (i % 3));
                    fleet.Fleet.Apply(new JobCompleted(
                        $"e{Text(writer)}-{Text(i)}", FleetScenario.At(i), runner, FleetScenario.Job($"j{Text(writer)}-{Text(i)}"),
                        conclusion, conclusion == JobConclusion.Failed ? JobFailureReason.Job : null, FleetScenario.At(0), FleetScenario.At(i)));
                    Interlocked.Increment(ref written);
                }
            },
            stop)).ToArray();
        var scrapers = Enumerable.Range(0, 2).Select(scraper => Task.Run(
            () =>
            {
                var last = 0.0;
                do
                {
                    var scrape = fleet.Scrape(format: scraper == 0 ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics);
                    var jobs = scrape.Sum("github_runner_jobs_total");
                    Assert.Equal(jobs, scrape.Sum("github_runner_job_duration_seconds_count"));
                    Assert.Equal(jobs, scrape.Sum("github_runner_job_duration_seconds_bucket", "le=\"+Inf\""));
                    Assert.Equal(scrape.Sum("github_runner_jobs_total", "status=\"failed\""), scrape.Sum("github_runner_job_failures_total"));
                    Assert.True(jobs >= last, $"The jobs went from {last} to {jobs}.");
                    last = jobs;
                }
                while (Volatile.Read(ref written) < 4 * PerWriter && !stop.IsCancellationRequested);
            },
            stop)).ToArray();

        await Task.WhenAll([.. writers, .. scrapers]);
        Assert.Equal(4 * PerWriter, fleet.Scrape().Sum("github_runner_jobs_total"));
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
