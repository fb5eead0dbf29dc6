using System.Globalization;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Domain.Tests.Support;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Domain.Tests.Fleet;

/// <summary>
/// What each thing that is remembered takes, with the longest names that are allowed: <see cref="FleetBytes"/>, which the limits for a given memory are computed from, may not
/// be less. Memory is the process's, so that nothing else runs beside these tests.
/// </summary>
[Collection(nameof(FleetMemoryTests))]
[CollectionDefinition(nameof(FleetMemoryTests), DisableParallelization = true)]
public sealed class FleetMemoryTests
{
    private const int Few = 1_000, Many = 20_000;

    private static readonly DateTimeOffset At = FleetScenario.Noon;

    [Fact]
    public void Runner_WithSixteenCaches_TakesNoMore() => AssertTakesNoMore(FleetBytes.Runner, Few, (fleet, number) =>
    {
        for (var type = 0; type < 16; type++)
        {
            fleet.Apply(new CacheReported($"{number}-{type}", At, Runner(number), $"type-{type}", 1, 1));
        }
    });

    [Fact]
    public void RunnerRecord_TakesNoMore() => AssertTakesNoMore(
        FleetBytes.RunnerRecord, Many, (fleet, number) => fleet.Apply(new RunnerSeen($"{number}", At, Runner(number, isEphemeral: true), At)));

    [Fact]
    public void LabelSet_InEveryFamily_TakesNoMore() => AssertTakesNoMore(FleetBytes.LabelSet, Few, (fleet, number) =>
    {
        var repository = $"acme/{number:D6}{new string('r', 1000)}";
        var runner = RunnerOf($"e-{number}", "standard", isEphemeral: true, Scope(number));
        fleet.Apply(new JobCompleted(
            $"j-{number}", At, runner, Job(number) with { Repository = RepositoryName.Kept(repository), Workflow = new string('w', 1000) }, JobConclusion.Success, null, At, At));
        fleet.Apply(new DeploymentChanged($"d-{number}", At, new Deployment($"{number}", "https://github.com", RepositoryName.Kept(repository), EnvironmentName.Kept("production"), DeploymentState.Success)));
        foreach (var conclusion in (string[])["success", "timed_out", "skipped", "neutral", "stale", "startup_failure"])
        {
            fleet.Apply(new WorkflowRunEnded(
                $"r-{number}-{conclusion}", At, "https://github.com", RepositoryName.Kept(repository), new string('w', 1000), ((number + 1) * 10) + conclusion.Length, 1, At, conclusion, "", ""));
        }
    });

    [Fact]
    public void EndedJob_TakesNoMore() => AssertTakesNoMore(FleetBytes.Remembered, Many * 5, (fleet, number) =>
        fleet.Apply(new JobCompleted($"{number}", At, FleetScenario.Runner(), new JobIdentity($"key-{number}"), JobConclusion.Success, null, At, At)));

    [Fact]
    public void WorkflowJob_OfBothSidesAndADepartedRunner_TakesNoMore() => AssertTakesNoMore(FleetBytes.WorkflowJob, Many, (fleet, number) =>
    {
        fleet.Apply(new WorkflowJobChanged($"w-{number}", At, At, WorkflowJobState.InProgress, new WorkflowJob(
            number + 1, number + 1, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", number, 1, "standard")
        { RunnerName = "r1", StartedAt = At }));
        fleet.Apply(new JobCompleted($"j-{number}", At, FleetScenario.Runner(), Job(Many + number), JobConclusion.Success, null, At, At));
        fleet.Apply(new RunnerSeen($"s-{number}", At, Runner(number, isEphemeral: true), At));
        fleet.Apply(new RunnerStopped($"t-{number}", At, Runner(number, isEphemeral: true), ""));
    });

    [Fact]
    public void QueuedJob_TakesNoMore() => AssertTakesNoMore(FleetBytes.QueuedJob + FleetBytes.WorkflowJob, Many, (fleet, number) =>
        fleet.Apply(new WorkflowJobChanged($"{number}", At, At, WorkflowJobState.Queued, new WorkflowJob(
            number + 1, number + 1, new string('s', 140), RepositoryName.Kept($"acme/{number:d135}"), $"{number:d140}", "build", number, 1, "standard")
        { Labels = [$"{number:d200}"] })));

    [Fact]
    public void Deployment_WithAnIncident_TakesNoMore() => AssertTakesNoMore(FleetBytes.Deployment, Many, (fleet, number) =>
    {
        fleet.Apply(new DeploymentChanged($"d-{number}", At, new Deployment($"{number}", "https://github.com", RepositoryName.Kept("acme/shop"), EnvironmentName.Kept("production"), DeploymentState.Success)));
        fleet.Apply(new IncidentChanged($"i-{number}", At, new Incident($"{number}", "https://github.com", RepositoryName.Kept("acme/shop"), EnvironmentName.Kept("production")) { OpenedAt = At }));
    });

    [Fact]
    public void Commit_ThatADeploymentWaitsFor_TakesNoMore() => AssertTakesNoMore(FleetBytes.Commit + FleetBytes.Deployment, Many, (fleet, number) =>
    {
        fleet.Apply(new DeploymentChanged($"d-{number}", At, new Deployment($"{number}", "https://github.com", RepositoryName.Kept("acme/shop"), EnvironmentName.Kept("production"), DeploymentState.Success)
        {
            Sha = CommitSha.Kept($"{number:x40}"),
        }));
        fleet.Apply(new CommitsSeen($"c-{number}", At, "https://github.com", RepositoryName.Kept($"acme/{number}"), [new Commit(CommitSha.Kept($"{number:x40}"), At)]));
    });

    [Fact]
    public void Sender_WithAFewGaps_TakesNoMore() => AssertTakesNoMore(FleetBytes.Sender, Many, (fleet, number) =>
    {
        for (var gap = 1UL; gap <= 4; gap++)
        {
            fleet.Settle(new EventSource($"{number:D6}{new string('s', 122)}", 2 * gap), At);
        }
    });

    [Fact]
    public void OpenJob_TakesNoMoreThanItIsTakenFor()
    {
        using var registry = new MetricRegistry();
        var fleet = new FleetState(registry, new FleetOptions());
        var taken = Measure(registry, Many, number => fleet.Apply(new JobStarted($"{number}", At, FleetScenario.Runner($"r-{number % 500}"), Job(number))));

        Assert.True(taken <= ((double)fleet.OpenJobBytes / Many) + FleetBytes.WorkflowJob, $"{taken:F0} bytes a job are taken for {fleet.OpenJobBytes / Many}.");
    }

    [Fact]
    public void SendersThatLeaveGaps_TakeNoMoreThanTheirPart()
    {
        using var registry = new MetricRegistry();
        var fleet = new FleetState(registry, new FleetOptions { MaxSenders = 1_000 });
        var taken = Measure(registry, 100, number =>
        {
            for (var gap = 1UL; gap <= 2_000; gap++)
            {
                fleet.Settle(new EventSource($"sender-{number}", 2 * gap), At);
            }
        });

        Assert.True(taken * 100 <= 1_000 * FleetBytes.Sender, $"100 senders take {taken * 100:F0} bytes.");
    }

    // Whoever names things long takes the room of many, and leaves the rest to 'other'.
    [Fact]
    public void Text_OfLongNames_StaysWithinItsLimit()
    {
        const long Most = 4 * 1024 * 1024;
        using var registry = new MetricRegistry();
        var fleet = new FleetState(registry, new FleetOptions { MaxTextBytes = Most });
        for (var number = 0; number < Few; number++)
        {
            fleet.Apply(new RunnerSeen($"{number}", At, Runner(number), At));
            fleet.Apply(new JobCompleted(
                $"j-{number}", At, Runner(number), Job(number) with { Repository = RepositoryName.Kept($"acme/{number}{new string('r', 1000)}") }, JobConclusion.Success, null, At, At));
        }

        Assert.InRange(TextOf(registry), Most / 4, 1.1 * Most);
        Assert.InRange(registry.TextBytes, Most, 1.1 * Most);
    }

    [Fact]
    public void FitTo_256Megabytes_LeavesRoomForAThousandRunners()
    {
        var memory = 256L * 1024 * 1024 * 3 / 4;
        var fitted = new FleetOptions().FitTo(memory);

        Assert.InRange(fitted.MostBytes, 0, memory - FleetBytes.Program);
        Assert.InRange(fitted.MaxRunners, 900, 2_000);
        Assert.Equal(new FleetOptions(), new FleetOptions().FitTo(8L * 1024 * 1024 * 1024));
    }

    private static void AssertTakesNoMore(long bytes, int count, Action<FleetState, int> add)
    {
        using var registry = new MetricRegistry();
        var fleet = new FleetState(registry, new FleetOptions());
        var taken = Measure(registry, count, number => add(fleet, number));
        GC.KeepAlive(fleet);

        Assert.True(taken <= bytes, string.Create(CultureInfo.InvariantCulture, $"Each takes {taken:F0} bytes, and {bytes} are reckoned with."));
    }

    private static double Measure(MetricRegistry registry, int count, Action<int> add)
    {
        for (var number = 0; number < 50; number++)
        {
            add(number);
        }

        TextOf(registry);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 50; number < count + 50; number++)
        {
            add(number);
        }

        return (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
    }

    private static long TextOf(MetricRegistry registry)
    {
        using var snapshot = registry.Snapshot(ExpositionFormat.OpenMetrics);
        return snapshot.Pieces.Sum(piece => (long)piece.Length);
    }

    private static string Scope(int number) => $"github.com/{number:D6}{new string('s', 230)}";

    private static RunnerIdentity Runner(int number, bool isEphemeral = false) =>
        RunnerOf($"{number:D6}{new string('n', 122)}", "standard", isEphemeral, isEphemeral ? "github.com/acme" : Scope(number), $"{number:D6}{new string('l', 250)}");

    private static RunnerIdentity RunnerOf(string name, string type, bool isEphemeral, string scope, string life = "") =>
        RunnerIdentity.TryCreate(name, type, new string('v', 256), isEphemeral, life, scope, out var runner, out var problem) ? runner : throw new InvalidOperationException(problem);

    private static JobIdentity Job(int number) =>
        new($"key-{number}", $"{number}{new string('g', 1000)}", "https://github.com", RepositoryName.Kept("acme/shop"), "CI", $"{number}{new string('j', 1000)}", number, 1, 0);
}
