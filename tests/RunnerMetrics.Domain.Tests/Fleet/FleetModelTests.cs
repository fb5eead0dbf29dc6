using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>Random histories, folded beside a slow and obvious model.</summary>
public class FleetModelTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Apply_RandomHistory_CountsAsTheModelDoes(int seed)
    {
        var history = HistoryOf(seed);
        using var fleet = new FleetScenario();
        var model = new FleetModel();
        var before = fleet.Scrape();
        foreach (var (happened, step) in history.Select((happened, step) => (happened, step)))
        {
            Assert.Equal(model.Apply(happened), fleet.Fleet.Apply(happened));
            if (step % 40 == 0)
            {
                var now = fleet.Scrape();
                AssertNothingDecreased(before, now, seed);
                before = now;
            }
        }

        var scrape = fleet.Scrape();
        Assert.Equal(model.Counts.OrderBy(c => c.Key, StringComparer.Ordinal), CountsOf(scrape).OrderBy(c => c.Key, StringComparer.Ordinal));
        Assert.Equal(model.Open(), fleet.Fleet.Describe().Sum(runner => runner.OpenJobs));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Apply_SameHistoryAgain_GivesTheSameTextAndNothingTwice(int seed)
    {
        var history = HistoryOf(seed);
        using var once = new FleetScenario();
        using var again = new FleetScenario();
        foreach (var happened in history)
        {
            once.Fleet.Apply(happened);
            again.Fleet.Apply(happened);
        }

        Assert.Equal(once.Scrape().Text, again.Scrape().Text);
        Assert.All(history, happened => Assert.Equal(ApplyOutcome.Duplicate, again.Fleet.Apply(happened)));
        Assert.Equal(once.Scrape().Text, again.Scrape().Text);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 25)];

    private static List<FleetEvent> HistoryOf(int seed)
    {
        var random = new Random(seed);
        List<FleetEvent> history = [];
        while (history.Count < 400)
        {
            if (history.Count > 0 && random.Next(10) == 0)
            {
                history.Add(history[random.Next(history.Count)]);
                continue;
            }

            var id = string.Create(CultureInfo.InvariantCulture, $"e{history.Count}");
            var at = FleetScenario.At(random.Next(5000));
            var number = random.Next(4);
            var runner = FleetScenario.Runner(
                string.Create(CultureInfo.InvariantCulture, $"r{number}"), life: $"life-{random.Next(3)}", ephemeral: number == 3);
            var job = FleetScenario.Job(string.Create(CultureInfo.InvariantCulture, $"j{number}-{random.Next(60)}"));
            var start = random.Next(4) == 0 ? (DateTimeOffset?)null : at - TimeSpan.FromSeconds(random.Next(9000));
            history.Add(random.Next(8) switch
            {
                0 or 1 => new JobStarted(id, at, runner, job),
                2 => new RunnerStopped(id, at, runner, ""),
                3 => new CacheReported(id, at, runner, random.Next(2) == 0 ? "npm" : "apt", (ulong)random.Next(9), (ulong)random.Next(9)),
                4 when number < 3 && random.Next(3) == 0 => new JobGivenUp(id, at, runner.Name, runner.Type, job.Key),
                5 when random.Next(3) == 0 => new RunnerSilent(id, at, runner.Name, runner.Type),
                _ => Completed(id, at, runner, job, (JobConclusion)random.Next(1, 5), random, start),
            });
        }

        return history;
    }

    private static JobCompleted Completed(
        string id, DateTimeOffset at, RunnerIdentity runner, JobIdentity job, JobConclusion conclusion, Random random, DateTimeOffset? start)
    {
        JobFailureReason? reason = conclusion is JobConclusion.Failed or JobConclusion.Lost && random.Next(3) > 0 ? (JobFailureReason)random.Next(1, 5) : null;
        return new JobCompleted(id, at, runner, job, conclusion, reason, start, conclusion == JobConclusion.Lost ? null : at);
    }

    private static Dictionary<string, double> CountsOf(Scraped scrape)
    {
        string[] families = ["github_runner_jobs_total", "github_runner_job_failures_total", "github_runner_job_corrections_total",
            "github_runner_job_duration_seconds_count", "github_runner_job_duration_seconds_sum", "github_runner_cache_requests_total"];
        return scrape.Samples.Where(s => s.Value > 0 && families.Contains(s.Key.Split('{')[0])).ToDictionary();
    }

    private static void AssertNothingDecreased(Scraped before, Scraped now, int seed)
    {
        foreach (var (name, value) in before.Samples)
        {
            if (name.Contains("_total", StringComparison.Ordinal) || name.Contains("_bucket", StringComparison.Ordinal))
            {
                Assert.True(now[name] >= value, $"Seed {seed}: {name} went from {value} to {now[name]?.ToString(CultureInfo.InvariantCulture) ?? "nothing"}.");
            }
        }
    }
}
