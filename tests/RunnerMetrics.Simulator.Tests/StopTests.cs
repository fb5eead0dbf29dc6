using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Load;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public class StopTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly PlannedStep Long = new("Run make", "make", TimeSpan.FromSeconds(60));
    private static readonly PlannedStep Always = new("Run make clean", "make clean", TimeSpan.FromSeconds(1)) { Condition = PlannedStep.Always };

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 13)]
    public async Task RunAsync_StoppedWithAJobRunning_FailsItInTheWorkerAndCancelsItInTheListener(bool honoursInterrupt, int seconds)
    {
        using var folder = new TemporaryFolder();
        var job = Stories.Job([Long with { HonoursInterrupt = honoursInterrupt }, Always], JobOutcome.Success);
        var (did, _) = await RunAsync(folder.Path, job, stopAfter: TimeSpan.FromSeconds(30));
        var ended = Assert.Single(did);
        Assert.Equal((JobConclusion.Failed, JobFailureReason.Runner), (ended.Conclusion, ended.FailureReason));
        Assert.Equal(Start.AddSeconds(30 + seconds), ended.CompletedAt!.Value, TimeSpan.FromSeconds(1));

        var listener = folder.Lines("Runner").Where(line => line.StartsWith("[20", StringComparison.Ordinal)).Select(line => line[22..]).ToList();
        var id = job.JobId;
        string[] story =
        [
            "INFO BrokerMessageListener] Get next message has been cancelled.",
            "INFO JobDispatcher] Shutting down JobDispatcher. Make sure all WorkerDispatcher has finished.",
            $"INFO JobDispatcher] Ensure WorkerDispatcher for job {id} run to finish, cancel any running job.",
            $"INFO JobDispatcher] Send job cancellation message to worker for job {id}.",
            $"INFO JobDispatcher] finish job request for job {id} with result: Canceled",
            "INFO Runner] Deleting Runner Session...",
            "INFO Listener] Runner execution been cancelled.",
        ];
        Assert.Equal(story, listener.Where(story.Contains));
        Assert.Contains(listener, line => line.Contains("with exit code 102", StringComparison.Ordinal));

        // The dispatcher's events are no longer heard by then.
        Assert.DoesNotContain(listener, line => line.EndsWith("JobState: Online", StringComparison.Ordinal));
        Assert.DoesNotContain(listener, line => line.Contains("Worker finished for job", StringComparison.Ordinal));

        var worker = folder.Lines("Worker").ToList();
        Assert.Contains(worker, line => line.EndsWith("JobRunner] Job result after all job steps finish: Failed", StringComparison.Ordinal));
        Assert.DoesNotContain(worker, line => line.Contains("hook-completed", StringComparison.Ordinal));
        Assert.DoesNotContain(worker, line => line.EndsWith("Worker] Job completed.", StringComparison.Ordinal));
        Assert.Equal(2, worker.Count(line => line.EndsWith("StepsRunner] Skipping step due to condition evaluation.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task RunAsync_StoppedWhileAJobIsSetUp_RunsNoStep()
    {
        using var folder = new TemporaryFolder();
        var (did, _) = await RunAsync(folder.Path, Stories.Job([Long, Always], JobOutcome.Success), stopAfter: TimeSpan.FromSeconds(3.2));
        Assert.Equal(JobFailureReason.Runner, Assert.Single(did).FailureReason);
        Assert.DoesNotContain(folder.Lines("Worker"), line => line.EndsWith("Starting the step.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_StoppedInAJobsLastMoment_LetsItEndFirst()
    {
        using var folder = new TemporaryFolder();
        var (did, _) = await RunAsync(folder.Path, Stories.Job([Long], JobOutcome.Success), stopAfter: TimeSpan.FromSeconds(64.8), ends: false);
        Assert.Equal(JobConclusion.Success, Assert.Single(did).Conclusion);
        Assert.EndsWith("Runner execution been cancelled.", folder.Lines("Runner").Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StoppedWhileIdle_WritesItsLastLines()
    {
        using var folder = new TemporaryFolder();
        var (did, _) = await RunAsync(folder.Path, Stories.Of("ok"), stopAfter: TimeSpan.FromSeconds(1));
        Assert.Empty(did);
        Assert.EndsWith("Runner execution been cancelled.", folder.Lines("Runner").Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_RunnerCrashes_StopsBothLogsAndBeginsANewLife()
    {
        using var folder = new TemporaryFolder();
        var first = true;
        var did = new List<SimulatedJob>();
        var options = new SimulatorOptions { DiagDirectory = folder.Path, RunnerName = "r", Jobs = 2 };
        await new SimulatedRunner(options, new HistoryClock(Start), Next) { OnJobFinished = did.Add }.RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal([JobConclusion.Lost, JobConclusion.Success], did.Select(job => job.Conclusion));
        Assert.Null(did[0].CompletedAt);
        Assert.Equal(did[0].JobId, did[1].JobId);
        var lives = Directory.GetFiles(folder.Path, "Runner_*.log").Order(StringComparer.Ordinal).ToList();
        Assert.Equal(2, lives.Count);
        Assert.EndsWith("Entering StartMonitor", File.ReadLines(lives[0]).Last(line => !line.Contains("renew", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("waiting for process exit.", File.ReadLines(Directory.GetFiles(folder.Path, "Worker_*.log").Order(StringComparer.Ordinal).First()).Last(), StringComparison.Ordinal);

        JobPlan Next()
        {
            var outcome = first ? JobOutcome.RunnerCrashes : JobOutcome.Success;
            first = false;
            return Stories.Job([Long], outcome);
        }
    }

    [Fact]
    public async Task RunAsync_LongJob_IsRenewedEveryMinute()
    {
        using var folder = new TemporaryFolder();
        var job = Stories.Job([Long with { Duration = TimeSpan.FromSeconds(200) }], JobOutcome.Success);
        await RunAsync(folder.Path, job, stopAfter: TimeSpan.FromHours(1));
        Assert.Equal(
            ["00:10:03", "00:11:03", "00:12:03", "00:13:03"],
            folder.Lines("Runner").Where(line => line.Contains("Successfully renew", StringComparison.Ordinal)).Select(line => line[^8..]).Take(4));
    }

    private static async Task<(List<SimulatedJob> Did, ScriptedClock Clock)> RunAsync(string folder, JobPlan job, TimeSpan stopAfter, bool ends = true)
    {
        using var stop = new CancellationTokenSource();
        var did = new List<SimulatedJob>();
        var clock = new ScriptedClock(Start, Start + stopAfter, stop.Cancel, ends);
        var options = new SimulatorOptions { DiagDirectory = folder, RunnerName = "r", Jobs = 1 };
        await new SimulatedRunner(options, clock, () => job) { OnJobFinished = did.Add }.RunAsync(stop.Token);
        return (did, clock);
    }
}
