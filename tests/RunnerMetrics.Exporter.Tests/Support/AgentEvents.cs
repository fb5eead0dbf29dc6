using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>Events as an agent sends them, at the time of the tests' clock.</summary>
internal static class AgentEvents
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static Timestamp At(double seconds) => Timestamp.FromDateTimeOffset(Now.AddSeconds(seconds));

    public static Runner Runner(string name = "r1", string type = "standard") =>
        new() { Name = name, Type = type, Version = "2.336.0", InstanceId = "life-1", Scope = "github.com/acme" };

    public static Job Job(string key) =>
        new() { JobKey = key, JobId = "guid", ServerUrl = "https://github.com", Repository = "acme/shop", Workflow = "CI", Name = "build", RunId = 7, RunAttempt = 1 };

    public static Event Heartbeat(string id, double at = 0, Runner? runner = null, State state = State.Idle) => new()
    {
        EventId = id,
        OccurredAt = At(at),
        Runner = runner ?? Runner(),
        Heartbeat = new RunnerHeartbeat { State = state, StartedAt = At(-1000) },
    };

    public static Event Started(string id, string job, double at = -60) =>
        new() { EventId = id, OccurredAt = At(at), Runner = Runner(), JobStarted = new JobStarted { Job = Job(job) } };

    public static Event Stopped(string id, double at = 0) =>
        new() { EventId = id, OccurredAt = At(at), Runner = Runner(), Stopped = new RunnerStopped { Reason = "asked to" } };

    public static Event Completed(string id, string job, double from = -60, double to = -1, Conclusion conclusion = Conclusion.Success, Runner? runner = null) => new()
    {
        EventId = id,
        OccurredAt = At(to),
        Runner = runner ?? Runner(),
        JobCompleted = new JobCompleted
        {
            Job = Job(job),
            Conclusion = conclusion,
            FailureReason = conclusion == Conclusion.Failed ? FailureReason.Job : FailureReason.Unspecified,
            StartedAt = At(from),
            CompletedAt = At(to),
        },
    };

    public static Event Cache(string id, string type = "npm", ulong hits = 8, ulong misses = 2) =>
        new() { EventId = id, OccurredAt = At(0), Runner = Runner(), Cache = new CacheReport { CacheType = type, Hits = hits, Misses = misses } };

    public static Event Deployment(string id, string deployment, double at = 0, Deployment.Types.State state = Contracts.V1.Deployment.Types.State.Success, string repository = "acme/shop") => new()
    {
        EventId = id,
        OccurredAt = At(at),
        Deployment = new Deployment
        {
            DeploymentId = deployment,
            ServerUrl = "https://github.com",
            Repository = repository,
            Environment = "production",
            State = state,
            FinishedAt = state is Contracts.V1.Deployment.Types.State.Success or Contracts.V1.Deployment.Types.State.Failure ? At(at) : null,
        },
    };

    public static Event Incident(string id, string incident, double opened, double? resolved = null, string deployment = "") => new()
    {
        EventId = id,
        OccurredAt = At(resolved ?? opened),
        Incident = new Incident
        {
            IncidentId = incident,
            ServerUrl = "https://github.com",
            Repository = "acme/shop",
            Environment = "production",
            DeploymentId = deployment,
            OpenedAt = At(opened),
            ResolvedAt = resolved is { } end ? At(end) : null,
        },
    };

    public static ReportEventsRequest Batch(DateTimeOffset sentAt, params IEnumerable<Event> events)
    {
        var batch = new ReportEventsRequest { SentAt = Timestamp.FromDateTimeOffset(sentAt) };
        batch.Events.AddRange(events);
        return batch;
    }

    /// <summary>The same runner, described otherwise.</summary>
    public static Runner With(this Runner runner, Action<Runner> change)
    {
        var changed = runner.Clone();
        change(changed);
        return changed;
    }

    /// <summary>The same event, corrupted.</summary>
    public static Event With(this Event good, Action<Event> spoil)
    {
        var spoilt = good.Clone();
        spoil(spoilt);
        return spoilt;
    }
}
