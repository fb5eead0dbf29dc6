using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Agent.Tests.Fuzzing;

/// <summary>What an event must be so that no collector rejects it (job_events.proto), apart from what its clock decides.</summary>
internal static class ContractLimits
{
    private const int LongestText = 1024;
    private const ulong MostRequests = 1_000_000;
    private static readonly TimeSpan LongestJob = TimeSpan.FromDays(35);

    /// <summary>Fails where an event breaks them.</summary>
    public static void Check(Event sent)
    {
        CheckId(sent.EventId);
        CheckTime(sent.OccurredAt);
        var runner = sent.Runner;
        Assert.True(RunnerIdentity.TryCreate(runner.Name, runner.Type, runner.Version, runner.Ephemeral, runner.InstanceId, runner.Scope, out _, out var problem), problem);
        Assert.True(runner.Id >= 0, "runner.id is negative");
        switch (sent.PayloadCase)
        {
            case Event.PayloadOneofCase.Stopped:
                CheckText(sent.Stopped.Reason);
                break;
            case Event.PayloadOneofCase.JobStarted:
                CheckJob(sent.JobStarted.Job);
                break;
            case Event.PayloadOneofCase.JobCompleted:
                CheckCompleted(sent.JobCompleted);
                break;
            case Event.PayloadOneofCase.Heartbeat:
                CheckTime(sent.Heartbeat.StartedAt);
                Assert.NotEqual(RunnerHeartbeat.Types.State.Unspecified, sent.Heartbeat.State);
                break;
            case Event.PayloadOneofCase.Cache:
                Assert.Matches(@"\A[a-z0-9-]{1,32}\z", sent.Cache.CacheType);
                Assert.True(sent.Cache is { Hits: <= MostRequests, Misses: <= MostRequests, UnknownLines: <= MostRequests }, "a cache served more than it can be asked for");
                break;
            default:
                Assert.Fail($"An agent reports no {sent.PayloadCase}.");
                break;
        }
    }

    private static void CheckCompleted(JobCompleted completed)
    {
        CheckJob(completed.Job);
        CheckTime(completed.CompletedAt);
        Assert.NotEqual(JobCompleted.Types.Conclusion.Unspecified, completed.Conclusion);
        if (completed.Conclusion is JobCompleted.Types.Conclusion.Success or JobCompleted.Types.Conclusion.Cancelled)
        {
            Assert.Equal(JobCompleted.Types.FailureReason.Unspecified, completed.FailureReason);
        }

        if (completed.StartedAt is { } started)
        {
            CheckTime(started);
            Assert.InRange(completed.CompletedAt.ToDateTimeOffset() - started.ToDateTimeOffset(), TimeSpan.Zero, LongestJob);
        }

        if (completed.StepsStartedAt is { } steps)
        {
            CheckTime(steps);
            Assert.True(completed.StartedAt is null || completed.StartedAt <= steps, "the steps start before the job");
            Assert.True(steps <= completed.CompletedAt, "the steps start after the job's end");
        }
    }

    private static void CheckJob(Job job)
    {
        CheckId(job.JobKey);
        foreach (var text in new[] { job.JobId, job.ServerUrl, job.Repository, job.Workflow, job.Name })
        {
            CheckText(text);
        }

        Assert.True(job is { RunId: >= 0, RunAttempt: >= 0, CheckRunId: >= 0 }, "a number of the job's is negative");
    }

    private static void CheckId(string id) => Assert.Matches(@"\A[ -~]{1,128}\z", id);

    private static void CheckText(string text)
    {
        Assert.InRange(text.Length, 0, LongestText);
        Assert.True(IsUnicode(text), "half a character goes on no wire");
    }

    private static bool IsUnicode(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && !(at + 1 < text.Length && char.IsSurrogatePair(text[at], text[++at])))
            {
                return false;
            }
        }

        return true;
    }

    private static void CheckTime(Timestamp time) => time.ToDateTimeOffset();
}
