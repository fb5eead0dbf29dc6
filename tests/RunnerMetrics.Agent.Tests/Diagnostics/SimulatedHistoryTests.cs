using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class SimulatedHistoryTests
{
    [Theory]
    [InlineData(1, "standard", 8 * 1024 * 1024)]
    [InlineData(2, "chrome", 20_000)]
    [InlineData(3, "chrome-go", 12_000)]
    public void Read_HistoryOfManyJobs_TellsWhatTheRunnerDid(int seed, string type, int pageBytes)
    {
        using var folder = new TemporaryFolder();
        var did = SimulatedHistory.Write(folder.Path, 60, new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero), seed, Scenario.RunnerName, type, pageBytes);
        using var tail = new DiagTail(folder.Path, RunnerSettings.Unknown, null, new ManualTimeProvider(), new MemoryLogger());
        var events = new List<DiagEvent>();
        tail.Read(events, int.MaxValue, final: true);
        Assert.Equal(did.Select(Describe), events.OfType<JobEnded>().Select(Describe));
        Assert.Equal(did.Count, events.OfType<JobBegan>().Count());
        Assert.True(tail.Life?.Stopped);
        Assert.Equal(1 + did.Count(job => job.CompletedAt is null), events.Select(told => told.Life!.InstanceId).Distinct().Count());
    }

    private static string Describe(SimulatedJob job) =>
        $"{job.JobId} {job.Name} {job.Repository} {job.Workflow} {job.RunId} {job.RunAttempt} {job.CheckRunId ?? 0} {job.StartedAt:O} "
        + $"{job.CompletedAt:O} {job.Conclusion} {job.FailureReason ?? (job.Conclusion == JobConclusion.Lost ? JobFailureReason.Runner : null)}";

    private static string Describe(JobEnded job) =>
        $"{job.Job.JobId} {job.Job.Name} {job.Job.Repository} {job.Job.Workflow} {job.Job.RunId} {job.Job.RunAttempt} {job.Job.CheckRunId} {job.Job.StartedAt:O} "
        + $"{(job.Verdict.Conclusion == JobConclusion.Lost ? null : job.At):O} {job.Verdict.Conclusion} {job.Verdict.Reason}";
}
