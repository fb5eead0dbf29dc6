using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>
/// Short random histories as a bad network delivers them: every event once or more, in any order, with its sequence or without, and the
/// process killed or stopped in between.
/// </summary>
public class FleetHistoryTests
{
    private const int Histories = 3000, Parts = 6;

    private static readonly string[] Families = ["github_runner_jobs_total", "github_runner_job_failures_total", "github_runner_job_corrections_total",
        "github_runner_job_duration_seconds_count", "github_runner_job_duration_seconds_sum", "github_runner_cache_requests_total"];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Apply_RandomDeliveriesAndRestarts_CountsAsTheModelDoes(int firstSeed)
    {
        for (var seed = firstSeed; seed < firstSeed + (Histories / Parts); seed++)
        {
            Run(seed);
        }
    }

    public static TheoryData<int> FirstSeeds() => [.. Enumerable.Range(0, Parts).Select(part => part * Histories / Parts)];

    private static void Run(int seed)
    {
        var random = new Random(seed);
        var deliveries = Deliveries(random);
        var model = new FleetModel();
        using var fleet = new JournaledFleet();
        for (var step = 0; step < deliveries.Count; step++)
        {
            var (happened, source) = deliveries[step];
            var expected = model.Apply(happened, source);
            var outcome = fleet.Apply(happened, source);
            Assert.True(expected == outcome, $"Seed {seed}, step {step}: {happened} was {outcome}, and the model says {expected}.");
            switch (random.Next(12))
            {
                case 0:
                    fleet.Snapshot();
                    break;
                case 1:
                    AssertSame(seed, step, "kill", fleet.Counts, () => fleet.Restart(clean: false));
                    break;
                case 2:
                    AssertSame(seed, step, "clean stop", () => fleet.Scrape().Text, () => fleet.Restart(clean: true));
                    break;
                case 3:
                    var runner = FleetScenario.Runner($"r{random.Next(3)}", life: $"life-{random.Next(3)}");
                    fleet.Beat(step, runner, started: null);
                    model.RecordHeartbeat(runner.Name);
                    break;
            }
        }

        var counts = fleet.Scrape().Samples.Where(s => s.Value > 0 && Families.Contains(s.Key.Split('{')[0])).ToDictionary();
        foreach (var name in counts.Keys.Union(model.Counts.Keys))
        {
            var (counted, modelled) = (counts.GetValueOrDefault(name), model.Counts.GetValueOrDefault(name));
            Assert.True(Math.Abs(counted - modelled) < 1e-6, $"Seed {seed}: {name} is {counted}, and the model says {modelled}.");
        }

        var open = fleet.Fleet.Describe().Sum(runner => runner.OpenJobs);
        Assert.True(model.Open() == open, $"Seed {seed}: {open} jobs are open, and the model says {model.Open()}.");
    }

    private static void AssertSame(int seed, int step, string what, Func<string> text, Action restart)
    {
        var before = text();
        restart();
        var after = text();
        if (before != after)
        {
            var (was, became) = before.Split('\n').Zip(after.Split('\n')).FirstOrDefault(lines => lines.First != lines.Second);
            Assert.Fail($"Seed {seed}, step {step}: after a {what} '{was}' became '{became}'.");
        }
    }

    // Each event has one place: with its sender's sequence, or known by its id; jobs are started, ended, corrected, lost and given up.
    private static List<(FleetEvent Happened, EventSource Source)> Deliveries(Random random)
    {
        List<(FleetEvent, EventSource)> deliveries = [];
        var sequences = new ulong[3];
        var events = random.Next(5, 30);
        for (var i = 0; i < events; i++)
        {
            var sender = random.Next(4);
            var source = sender == 3 ? default : new EventSource($"sender-{sender}", ++sequences[sender]);
            var happened = EventOf(random, $"e{i}");
            for (var times = random.Next(5) == 0 ? 3 : random.Next(1, 3); times > 0; times--)
            {
                var at = random.Next(Math.Max(0, deliveries.Count - 10), deliveries.Count + 1);
                deliveries.Insert(at, (happened, source));
            }
        }

        return deliveries;
    }

    private static FleetEvent EventOf(Random random, string id)
    {
        var at = FleetScenario.At(random.Next(5000));
        var number = random.Next(4);
        var runner = FleetScenario.Runner($"r{number}", life: $"life-{random.Next(3)}", ephemeral: number == 3);
        var job = FleetScenario.Job($"j{number}-{random.Next(5)}");
        var conclusion = (JobConclusion)random.Next(1, 5);
        return random.Next(9) switch
        {
            0 or 1 => new JobStarted(id, at, runner, job),
            2 => new RunnerStopped(id, at, runner, ""),
            3 => new CacheReported(id, at, runner, random.Next(2) == 0 ? "npm" : "apt", (ulong)random.Next(9), (ulong)random.Next(9)) { UnknownLines = (ulong)random.Next(3) },
            4 when number < 3 => new JobGivenUp(id, at, runner.Name, runner.Type, job.Key),
            5 => new RunnerSilent(id, at, runner.Name, runner.Type),
            6 => FleetScenario.Waited(id, random.Next(1, 30), (at - FleetScenario.Noon).TotalSeconds, random.Next(900), runner),
            _ => new JobCompleted(
                id, at, runner, job, conclusion, conclusion == JobConclusion.Failed ? (JobFailureReason)random.Next(1, 5) : null,
                random.Next(4) == 0 ? null : at - TimeSpan.FromSeconds(random.Next(9000)), conclusion == JobConclusion.Lost ? null : at),
        };
    }
}
