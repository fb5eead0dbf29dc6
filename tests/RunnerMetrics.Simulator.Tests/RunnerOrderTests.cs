using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public class RunnerOrderTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly PlannedStep Long = new("Run make", "make", TimeSpan.FromMinutes(5));
    private static readonly PlannedStep Always = new("Run make clean", "make clean", TimeSpan.FromSeconds(1)) { Condition = PlannedStep.Always };

    [Fact]
    public async Task RunAsync_AskedToFail_FailsOneShortJobAndForgetsIt()
    {
        using var folder = new TemporaryFolder();
        Ask(folder, "fail");
        var (did, _) = await RunAsync(folder, jobs: 2);

        Assert.Equal([JobConclusion.Failed, JobConclusion.Success], did.Select(job => job.Conclusion));
        Assert.Equal(JobFailureReason.Job, did[0].FailureReason);
        Assert.InRange(did[0].CompletedAt!.Value - did[0].StartedAt, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        Assert.Empty(Directory.GetFiles(Orders(folder)));
        Assert.Contains(folder.Lines("Worker"), line => line.EndsWith("Job result after all job steps finish: Failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_AskedToFailWhileIdle_StartsTheJobAtOnce()
    {
        using var folder = new TemporaryFolder();
        var clock = new ScriptedClock(Start, Start.AddSeconds(60), () => Ask(folder, "fail"), ends: false);
        var (did, _) = await RunAsync(folder, jobs: 1, clock: clock, idle: TimeSpan.FromHours(1));

        var job = Assert.Single(did);
        Assert.Equal(JobConclusion.Failed, job.Conclusion);
        Assert.Equal(Start.AddSeconds(60), job.StartedAt, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task RunAsync_AskedToDrainInMidJob_EndsTheJobAndTakesNoOther()
    {
        using var folder = new TemporaryFolder();
        var clock = new ScriptedClock(Start, Start.AddSeconds(60), () => Ask(folder, "drain"), ends: false);
        var (did, told) = await RunAsync(folder, jobs: null, clock: clock);

        Assert.Equal(JobConclusion.Success, Assert.Single(did).Conclusion);
        Assert.Empty(Directory.GetFiles(Orders(folder)));
        Assert.EndsWith("Runner execution been cancelled.", folder.Lines("Runner").Last(), StringComparison.Ordinal);

        // Whoever was promised a place on it hears that there is none.
        Assert.All(told.GroupBy(news => news.Id), news => Assert.NotNull(news.Last().Conclusion));
    }

    private static string Orders(TemporaryFolder folder) => Path.Combine(folder.Path, "orders");

    private static void Ask(TemporaryFolder folder, string order)
    {
        Directory.CreateDirectory(Orders(folder));
        File.WriteAllText(Path.Combine(Orders(folder), order), "");
    }

    private static async Task<(List<SimulatedJob> Did, List<GitHub.WorkflowJobNews> Told)> RunAsync(
        TemporaryFolder folder, int? jobs, TimeProvider? clock = null, TimeSpan? idle = null)
    {
        var did = new List<SimulatedJob>();
        var told = new List<GitHub.WorkflowJobNews>();
        var options = new SimulatorOptions { DiagDirectory = folder.Path, RunnerName = "r", Jobs = jobs, OrderFolder = Orders(folder) };
        var id = 1;
        var job = Stories.Job([Long, Always], JobOutcome.Success);
        var runner = new SimulatedRunner(options, clock ?? new HistoryClock(Start), () => job with { WorkflowJobId = id++, IdleBefore = idle ?? job.IdleBefore })
        {
            OnJobFinished = did.Add,
            OnWorkflowJob = told.Add,
        };
        await runner.RunAsync(TestContext.Current.CancellationToken);
        return (did, told);
    }
}
