using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Collector;

public class BadInputTests
{
    /// <summary>What is wrong, the event, what its answer says, and the word that it is counted under.</summary>
    private static readonly (string Case, Event Event, string Says, string CountedAs)[] Bad =
    [
        ("no event id", AgentEvents.Stopped(""), "event_id is empty", "malformed"),
        ("long event id", AgentEvents.Stopped(new string('x', 129)), "event_id has 129 characters", "malformed"),
        ("event id not ASCII", AgentEvents.Stopped("é"), "event_id has a character", "malformed"),
        ("event id with a line feed", AgentEvents.Stopped("a\nb"), "event_id has a character", "malformed"),
        ("no time", AgentEvents.Stopped("x").With(e => e.OccurredAt = null), "occurred_at is missing", "malformed"),
        ("no calendar's time", AgentEvents.Stopped("x").With(e => e.OccurredAt = new Timestamp { Seconds = long.MaxValue }), "occurred_at is missing or is not a valid time", "malformed"),
        ("negative nanoseconds", AgentEvents.Stopped("x").With(e => e.OccurredAt.Nanos = -1), "occurred_at is missing or is not a valid time", "malformed"),
        ("in the future", AgentEvents.Stopped("x", at: 301), "occurred_at is 5 minutes later than the batch's own sent_at", "in_future"),
        ("too old", AgentEvents.Stopped("x", at: -36 * 86400), "too_old: the event is 36 days old, more than 35", "too_old"),
        ("year 1", AgentEvents.Stopped("x").With(e => e.OccurredAt = Timestamp.FromDateTimeOffset(DateTimeOffset.MinValue)), "too_old", "too_old"),
        ("no payload", AgentEvents.Stopped("x").With(e => e.ClearPayload()), "the event has no payload", "malformed"),
        ("no runner", AgentEvents.Stopped("x").With(e => e.Runner = null), "the event has no runner", "malformed"),
        ("no runner name", AgentEvents.Stopped("x").With(e => e.Runner.Name = ""), "runner.name is empty", "malformed"),
        ("blank runner name", AgentEvents.Stopped("x").With(e => e.Runner.Name = " \t "), "runner.name is blank", "malformed"),
        ("long runner name", AgentEvents.Stopped("x").With(e => e.Runner.Name = new string('x', 129)), "runner.name has 129 characters", "malformed"),
        ("reserved runner name", AgentEvents.Stopped("x").With(e => e.Runner.Name = "ephemeral"), "reserved", "malformed"),
        ("no runner type", AgentEvents.Stopped("x").With(e => e.Runner.Type = ""), "runner.type has 0 characters", "malformed"),
        ("runner type outside the pattern", AgentEvents.Stopped("x").With(e => e.Runner.Type = "Chrome"), "runner.type 'Chrome'", "malformed"),
        ("long version", AgentEvents.Stopped("x").With(e => e.Runner.Version = new string('x', 257)), "runner.version has 257", "malformed"),
        ("long instance id", AgentEvents.Stopped("x").With(e => e.Runner.InstanceId = new string('x', 257)), "runner.instance_id has 257", "malformed"),
        ("long scope", AgentEvents.Stopped("x").With(e => e.Runner.Scope = new string('x', 257)), "runner.scope has 257", "malformed"),
        ("long stop reason", AgentEvents.Stopped("x").With(e => e.Stopped.Reason = new string('x', 1025)), "stopped.reason has 1025", "malformed"),
        ("heartbeat without a state", AgentEvents.Heartbeat("x").With(e => e.Heartbeat.State = State.Unspecified), "heartbeat.state is unspecified", "malformed"),
        ("heartbeat of a listener from the future", AgentEvents.Heartbeat("x").With(e => e.Heartbeat.StartedAt = AgentEvents.At(900)), "heartbeat.started_at is 15 minutes later", "in_future"),
        ("impossible loss", AgentEvents.Heartbeat("x").With(e => e.Heartbeat.EventsLost = ulong.MaxValue), "heartbeat.events_lost", "malformed"),
        ("start without a job", AgentEvents.Started("x", "j").With(e => e.JobStarted.Job = null), "the event has no job", "malformed"),
        ("no job key", AgentEvents.Started("x", ""), "job.job_key is empty", "malformed"),
        ("long job key", AgentEvents.Started("x", new string('x', 129)), "job.job_key has 129", "malformed"),
        ("long job name", AgentEvents.Started("x", "j").With(e => e.JobStarted.Job.Name = new string('x', 1025)), "job.name has 1025", "malformed"),
        ("negative run id", AgentEvents.Started("x", "j").With(e => e.JobStarted.Job.RunId = -1), "must not be negative", "malformed"),
        ("end without a job", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.Job = null), "the event has no job", "malformed"),
        ("no conclusion", AgentEvents.Completed("x", "j", conclusion: Conclusion.Unspecified), "job_completed.conclusion is unspecified", "malformed"),
        ("reason of a success", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.FailureReason = FailureReason.Job), "goes only with failed and lost", "malformed"),
        ("ends before it starts", AgentEvents.Completed("x", "j", from: -10, to: -20), "completed_at is before started_at", "malformed"),
        ("no end", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.CompletedAt = null), "job_completed.completed_at is missing", "malformed"),
        ("ends in the future", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.CompletedAt = AgentEvents.At(3600)), "job_completed.completed_at is 60 minutes later", "in_future"),
        ("steps before the job", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.StepsStartedAt = AgentEvents.At(-90)), "job_completed.steps_started_at is not between", "malformed"),
        ("steps after the job", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.StepsStartedAt = AgentEvents.At(0)), "job_completed.steps_started_at is not between", "malformed"),
        ("steps at no time", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.StepsStartedAt = new Timestamp { Nanos = -1 }), "job_completed.steps_started_at is missing or is not a valid time", "malformed"),
        ("started in 1970", AgentEvents.Completed("x", "j").With(e => e.JobCompleted.StartedAt = new Timestamp()), "job_completed.started_at is", "malformed"),
        ("cache type outside the pattern", AgentEvents.Cache("x", "NPM"), "cache.cache_type 'NPM' is not allowed", "malformed"),
        ("no cache type", AgentEvents.Cache("x", ""), "cache.cache_type '' is not allowed", "malformed"),
        ("deployment without an id", AgentEvents.Deployment("x", ""), "deployment.deployment_id is empty", "malformed"),
        ("deployment of no repository", AgentEvents.Deployment("x", "1").With(e => e.Deployment.Repository = "shop"), "deployment.repository 'shop' is not a repository: give owner/name", "malformed"),
        ("deployment to nowhere", AgentEvents.Deployment("x", "1").With(e => e.Deployment.Environment = ""), "deployment.environment has 0 characters", "malformed"),
        ("deployment in no state", AgentEvents.Deployment("x", "1").With(e => e.Deployment.State = 0), "deployment.state is unspecified", "malformed"),
        ("deployment of half a commit", AgentEvents.Deployment("x", "1").With(e => e.Deployment.Sha = "6113728"), "deployment.sha '6113728' is not a commit", "malformed"),
        ("deployment of a commit of 1970", AgentEvents.Deployment("x", "1").With(e => e.Deployment.HeadCommittedAt = new Timestamp()), "deployment.head_committed_at is not a valid time of a commit", "malformed"),
        ("deployment that ends in the future", AgentEvents.Deployment("x", "1").With(e => e.Deployment.FinishedAt = AgentEvents.At(3600)), "deployment.finished_at is 60 minutes later", "in_future"),
        ("incident without an id", AgentEvents.Incident("x", "", -60), "incident.incident_id is empty", "malformed"),
        ("incident without a repository", AgentEvents.Incident("x", "1", -60).With(e => e.Incident.Repository = ""), "incident.repository '' is not a repository", "malformed"),
        ("incident of 1970", AgentEvents.Incident("x", "1", -60).With(e => e.Incident.OpenedAt = new Timestamp()), "incident.opened_at is 1970", "malformed"),
        ("incident that ends before it begins", AgentEvents.Incident("x", "1", -60, -90), "incident.resolved_at is before opened_at", "malformed"),
        ("control character in a name", AgentEvents.Heartbeat("x").With(e => e.Runner.Name = "r\u001b[2J"), "runner.name has a control character", "malformed"),
        ("control character in a scope", AgentEvents.Heartbeat("x").With(e => e.Runner.Scope = "github.com/a\0"), "runner.scope has a control character", "malformed"),
        ("impossible lines", AgentEvents.Cache("x").With(e => e.Cache.UnknownLines = ulong.MaxValue), "at most 1000000 of each", "malformed"),
        ("impossible hits", AgentEvents.Cache("x", hits: ulong.MaxValue), "at most 1000000 of each", "malformed"),
    ];

    public static TheoryData<string> Cases() => [.. Bad.Select(bad => bad.Case)];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ReportEvents_BadEvent_IsRejectedCountedAndChangesNothing(string name)
    {
        var (_, bad, says, countedAs) = Bad.Single(entry => entry.Case == name);
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("beat"), AgentEvents.Started("start", "open"), AgentEvents.Completed("end", "done"), AgentEvents.Cache("cache"));
        var before = await exporter.FleetTextAsync();

        var result = Assert.Single(await exporter.SendAsync(bad));

        Assert.Equal((bad.EventId, Outcome.Rejected), (result.EventId, result.Outcome));
        Assert.Contains(says, result.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await exporter.FleetTextAsync());
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"rejected\"}"));
        Assert.Equal("1", await exporter.SampleAsync($"runner_metrics_events_rejected_total{{source=\"grpc\",reason=\"{countedAs}\"}}"));
    }

    public static TheoryData<string> NewerCases() => [.. Newer.Select(newer => newer.Case)];

    private static readonly (string Case, Event Event)[] Newer =
    [
        ("conclusion", AgentEvents.Completed("x", "j", conclusion: (Conclusion)77)),
        ("failure reason", AgentEvents.Completed("x", "j", conclusion: Conclusion.Failed).With(e => e.JobCompleted.FailureReason = (FailureReason)77)),
        ("negative conclusion", AgentEvents.Completed("x", "j", conclusion: (Conclusion)(-1))),
        ("heartbeat state", AgentEvents.Heartbeat("x", state: (State)77)),
        ("deployment state", AgentEvents.Deployment("x", "1").With(e => e.Deployment.State = (Deployment.Types.State)77)),
        ("payload", WithUnknownPayload(AgentEvents.Stopped("x").With(e => e.ClearPayload()))),
    ];

    [Theory]
    [MemberData(nameof(NewerCases))]
    public async Task ReportEvents_NewerThanThisExporter_IsUnsupportedNotRejected(string name)
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("beat"), AgentEvents.Completed("end", "done"));
        var before = await exporter.FleetTextAsync();

        var result = Assert.Single(await exporter.SendAsync(Newer.Single(entry => entry.Case == name).Event));

        Assert.Equal(Outcome.Unsupported, result.Outcome);
        Assert.Contains("yet: keep", result.Reason, StringComparison.Ordinal);
        Assert.Equal(before, await exporter.FleetTextAsync());
        Assert.Equal("1", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"unsupported\"}"));
        Assert.Equal("0", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"rejected\"}"));
    }

    [Fact]
    public async Task ReportEvents_AtTheLimits_IsAccepted()
    {
        await using var exporter = await RunningExporter.StartAsync();
        var results = await exporter.SendAsync(
            AgentEvents.Stopped(new string('x', 128)),
            AgentEvents.Stopped("future", at: 300),
            AgentEvents.Stopped("old", at: -35 * 86400),
            AgentEvents.Stopped("name").With(e => e.Runner.Name = new string('n', 128)),
            AgentEvents.Completed("instant", "j", from: -5, to: -5),
            AgentEvents.Completed("lost", "j2", conclusion: Conclusion.Lost).With(e => e.JobCompleted.CompletedAt = null));

        Assert.All(results, result => Assert.Equal((Outcome.Accepted, ""), (result.Outcome, result.Reason)));
    }

    private static Event WithUnknownPayload(Event known) =>
        Event.Parser.ParseFrom([.. known.ToByteArray(), .. new byte[] { 0xFA, 0x01, 0x02, 0x08, 0x01 }]); // field 31, a message of two bytes
}
