using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Converts log events to the wire contract's events, with ids that are the same whenever the logs are read again.</summary>
/// <param name="settings">The runner's identity if its logs do not have it.</param>
/// <param name="runnerType">Its type, which is in no log.</param>
internal sealed class EventFactory(RunnerSettings settings, string runnerType)
{
    private const int LongestName = 512;

    // GitHub ends a run after so long: a start that lies further back is a clock's that was not set yet, and is not known.
    private static readonly TimeSpan LongestRun = TimeSpan.FromDays(35);

    /// <summary>The runner of a life; null if its name is not known, and then nothing can be reported.</summary>
    public RunnerSettings? RunnerOf(ListenerLife? life) => settings.Under(life) is { Name.Length: > 0 } runner ? runner : null;

    /// <exception cref="RunnerUnknownException">The runner's name is not known.</exception>
    public Event From(DiagEvent happened) => happened switch
    {
        JobBegan began => Create($"{began.Job.JobKey}-started", began, new Event { JobStarted = new JobStarted { Job = From(began.Job) } }),
        JobEnded ended => Create($"{ended.Job.JobKey}-completed", ended, new Event { JobCompleted = Completed(ended) }),
        ListenerEnded stopped => Create($"{stopped.Of.InstanceId}-stopped", stopped, new Event { Stopped = new RunnerStopped { Reason = stopped.Reason } }),
        _ => throw new ArgumentException($"No event is made of a {happened.GetType().Name}.", nameof(happened)),
    };

    public Event From(Hooks.CacheReport report, ListenerLife? life) => new()
    {
        EventId = report.Id,
        OccurredAt = Timestamp.FromDateTimeOffset(report.At),
        Runner = Describe(life),
        Cache = new CacheReport { CacheType = report.CacheType, Hits = report.Count.Hits, Misses = report.Count.Misses, UnknownLines = report.Count.Unknown },
    };

    /// <param name="life">Of the running listener.</param>
    /// <param name="now">When it does.</param>
    /// <param name="eventsLost">How many events the agent ever dropped.</param>
    public Event Heartbeat(ListenerLife life, DateTimeOffset now, ulong eventsLost) => new()
    {
        EventId = $"{life.InstanceId}-{now.ToUnixTimeMilliseconds()}",
        OccurredAt = Timestamp.FromDateTimeOffset(now),
        Runner = Describe(life),
        Heartbeat = new RunnerHeartbeat
        {
            State = life.DisconnectedUntil > now ? RunnerHeartbeat.Types.State.Disconnected
                : life.Busy ? RunnerHeartbeat.Types.State.Busy : RunnerHeartbeat.Types.State.Idle,
            StartedAt = Timestamp.FromDateTimeOffset(life.StartedAt),
            EventsLost = eventsLost,
        },
    };

    private Event Create(string id, DiagEvent happened, Event payload)
    {
        payload.EventId = id;
        payload.OccurredAt = Timestamp.FromDateTimeOffset(happened.At);
        payload.Runner = Describe(happened.Life);
        return payload;
    }

    private Runner Describe(ListenerLife? life)
    {
        var runner = RunnerOf(life) ?? throw new RunnerUnknownException();
        return new Runner
        {
            Name = runner.Name,
            Type = runnerType,
            Version = life?.Version ?? "",
            Ephemeral = runner.Ephemeral,
            InstanceId = life?.InstanceId ?? "",
            Scope = runner.Scope,
            Id = runner.Id,
        };
    }

    private static JobCompleted Completed(JobEnded ended)
    {
        var end = ended.At < ended.Job.StartedAt ? ended.Job.StartedAt : ended.At;
        DateTimeOffset? start = end - ended.Job.StartedAt > LongestRun ? null : ended.Job.StartedAt;
        return new JobCompleted
        {
            Job = From(ended.Job),
            Conclusion = ended.Verdict.Conclusion switch
            {
                JobConclusion.Success => JobCompleted.Types.Conclusion.Success,
                JobConclusion.Failed => JobCompleted.Types.Conclusion.Failed,
                JobConclusion.Cancelled => JobCompleted.Types.Conclusion.Cancelled,
                _ => JobCompleted.Types.Conclusion.Lost,
            },
            FailureReason = ended.Verdict.Reason switch
            {
                null => JobCompleted.Types.FailureReason.Unspecified,
                JobFailureReason.Job => JobCompleted.Types.FailureReason.Job,
                JobFailureReason.Setup => JobCompleted.Types.FailureReason.Setup,
                JobFailureReason.Runner => JobCompleted.Types.FailureReason.Runner,
                _ => JobCompleted.Types.FailureReason.Unknown,
            },
            StartedAt = start is { } known ? Timestamp.FromDateTimeOffset(known) : null,
            CompletedAt = Timestamp.FromDateTimeOffset(end),
            StepsStartedAt = start is null ? null : Within(ended.StepsStartedAt, ended.Job.StartedAt, end),
        };
    }

    // The worker rounds its clock down to the second beside the listener's, which may put its first step before the job.
    private static Timestamp? Within(DateTimeOffset? time, DateTimeOffset from, DateTimeOffset to) =>
        time is { } known ? Timestamp.FromDateTimeOffset(known < from ? from : known > to ? to : known) : null;

    private static Job From(JobFacts job) => new()
    {
        JobKey = job.JobKey,
        JobId = job.JobId,
        ServerUrl = Cut(job.ServerUrl),
        Repository = Cut(job.Repository),
        Workflow = Cut(job.Workflow),
        Name = Cut(job.Name),
        RunId = job.RunId,
        RunAttempt = job.RunAttempt,
        CheckRunId = job.CheckRunId,
    };

    // Names are for people: a name that is too long is truncated, between two characters.
    private static string Cut(string text) =>
        text.Length <= LongestName ? text : text[..(char.IsHighSurrogate(text[LongestName - 1]) ? LongestName - 1 : LongestName)];
}
