using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Wire;
using WireCompleted = RunnerMetrics.Contracts.V1.JobCompleted;

namespace RunnerMetrics.Exporter.Intake;

/// <summary>Checks the events of one batch, once, at the edge: what comes out cannot be wrong.</summary>
/// <param name="sentAt">The sender's clock when it sent the batch.</param>
/// <param name="shift">What to add to the sender's times, because its clock is off.</param>
/// <param name="receivedAt">The exporter's clock.</param>
/// <param name="horizon">How old an event may be.</param>
internal sealed partial class EventReader(DateTimeOffset sentAt, TimeSpan shift, DateTimeOffset receivedAt, TimeSpan horizon)
{
    /// <summary>How much later than its own batch an event may claim to be; more contradicts itself.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    private const int MaxIdLength = 128;
    private const int MaxTextLength = 1024;

    /// <summary>Beyond 2^53 a sample could not be counted up by one any more; this leaves room for many reports.</summary>
    private const ulong MaxCount = 1UL << 40;

    /// <summary>More than any job asks its caches for between two reports.</summary>
    private const ulong MaxCacheRequests = 1_000_000;

    public EventReading Read(Event wire)
    {
        if (EventIdProblem(wire.EventId) is { } idProblem)
        {
            return EventReading.Rejected(idProblem);
        }

        if (!TryTime("occurred_at", wire.OccurredAt, out var occurredAt, out var refusal))
        {
            return refusal;
        }

        if (receivedAt - occurredAt > horizon)
        {
            return EventReading.Rejected(
                $"too_old: the event is {(receivedAt - occurredAt).TotalDays:F0} days old, more than {horizon.TotalDays:F0}", RejectionReason.TooOld);
        }

        return wire.PayloadCase == Event.PayloadOneofCase.Heartbeat ? ReadHeartbeat(wire, occurredAt)
            : Judge(wire, occurredAt) ?? EventReading.Of(WireTime.Shifted(wire, shift));
    }

    private EventReading? Judge(Event wire, DateTimeOffset occurredAt) => wire.PayloadCase switch
    {
        Event.PayloadOneofCase.Deployment => JudgeDeployment(wire.Deployment),
        Event.PayloadOneofCase.Incident => JudgeIncident(wire.Incident),
        Event.PayloadOneofCase.Stopped => JudgeRunner(wire) ?? Refusal(TextProblem("stopped.reason", wire.Stopped.Reason)),
        Event.PayloadOneofCase.JobStarted => JudgeRunner(wire) ?? Refusal(JobProblem(wire.JobStarted.Job)),
        Event.PayloadOneofCase.JobCompleted => JudgeRunner(wire) ?? JudgeCompleted(wire.JobCompleted, occurredAt),
        Event.PayloadOneofCase.Cache => JudgeRunner(wire) ?? JudgeCache(wire.Cache),
        Event.PayloadOneofCase.None when !HasUnknownPayload(wire) =>
            EventReading.Rejected("the event has no payload: set heartbeat, stopped, job_started, job_completed, cache, deployment or incident"),
        _ => EventReading.Unsupported("this exporter does not know the event's payload yet: keep it and try again later"),
    };

    private static EventReading? JudgeRunner(Event wire) => Refusal(wire.Runner is { } runner
        ? RunnerIdentity.ProblemOf(runner.Name, runner.Type, runner.Version, runner.InstanceId, runner.Scope)
        : "the event has no runner: set the runner");

    private EventReading ReadHeartbeat(Event said, DateTimeOffset occurredAt)
    {
        if (JudgeRunner(said) is { } noRunner)
        {
            return noRunner;
        }

        var wire = said.Heartbeat;
        if (wire.EventsLost > MaxCount)
        {
            return EventReading.Rejected("heartbeat.events_lost counts the events that the sender had to drop: at most 2^40 are allowed");
        }

        DateTimeOffset? startedAt = null;
        if (wire.StartedAt is not null)
        {
            if (!TryTime("heartbeat.started_at", wire.StartedAt, out var start, out var refusal))
            {
                return refusal;
            }

            // A life that claims to begin later than now would come before every real one's.
            startedAt = start < receivedAt ? start : receivedAt;
        }

        RunnerState? state = wire.State switch
        {
            RunnerHeartbeat.Types.State.Idle => RunnerState.Idle,
            RunnerHeartbeat.Types.State.Busy => RunnerState.Busy,
            RunnerHeartbeat.Types.State.Disconnected => RunnerState.Disconnected,
            _ => null,
        };
        return state is { } known
            ? EventReading.Of(new Heartbeat(WireEvents.FromWire(said.Runner), known, startedAt, occurredAt, receivedAt, wire.EventsLost))
            : UnknownEnum("heartbeat.state", (int)wire.State, "idle, busy or disconnected");
    }

    private EventReading? JudgeCompleted(WireCompleted completed, DateTimeOffset occurredAt)
    {
        if (JobProblem(completed.Job) is { } jobProblem)
        {
            return EventReading.Rejected(jobProblem);
        }

        if (completed.Conclusion is < WireCompleted.Types.Conclusion.Success or > WireCompleted.Types.Conclusion.Lost)
        {
            return UnknownEnum("job_completed.conclusion", (int)completed.Conclusion, "success, failed, cancelled or lost");
        }

        if (completed.FailureReason is < 0 or > WireCompleted.Types.FailureReason.Unknown)
        {
            return UnknownEnum("job_completed.failure_reason", (int)completed.FailureReason, "job, setup, runner or unknown");
        }

        if (completed is { FailureReason: not 0, Conclusion: WireCompleted.Types.Conclusion.Success or WireCompleted.Types.Conclusion.Cancelled })
        {
            return EventReading.Rejected($"job_completed.failure_reason goes only with failed and lost, not with {completed.Conclusion}: leave it out");
        }

        if (!TryOptionalTime("job_completed.started_at", completed.StartedAt, out var startedAt, out var refusal))
        {
            return refusal;
        }

        DateTimeOffset? completedAt = null;
        if (completed.CompletedAt is not null || completed.Conclusion != WireCompleted.Types.Conclusion.Lost)
        {
            if (!TryTime("job_completed.completed_at", completed.CompletedAt, out var end, out refusal))
            {
                return refusal;
            }

            completedAt = end;
        }

        return !TryOptionalTime("job_completed.steps_started_at", completed.StepsStartedAt, out var stepsStartedAt, out refusal) ? refusal
            : startedAt > completedAt ? EventReading.Rejected("job_completed.completed_at is before started_at: a job ends after it starts")
            : stepsStartedAt < startedAt || stepsStartedAt > completedAt
                ? EventReading.Rejected("job_completed.steps_started_at is not between started_at and completed_at: a job's steps run while it does")

            // GitHub ends a run after 35 days; a time that was never set (1970) would spoil a sum for ever.
            : (completedAt ?? occurredAt) - startedAt is { } duration && duration > horizon
                ? EventReading.Rejected($"job_completed.started_at is {duration.TotalDays:F0} days before the job's end, more than {horizon.TotalDays:F0}: leave out what is not known")
            : null;
    }

    private static EventReading? JudgeCache(CacheReport cache) =>
        cache.CacheType.Length is 0 or > 32 || !cache.CacheType.All(c => c is >= 'a' and <= 'z' or >= '0' and <= '9' or '-')
            ? EventReading.Rejected($"cache.cache_type '{Shorten(cache.CacheType)}' is not allowed: use [a-z0-9-]{{1,32}}, such as npm or buildkit")
        : cache.Hits > MaxCacheRequests || cache.Misses > MaxCacheRequests || cache.UnknownLines > MaxCacheRequests
            ? EventReading.Rejected($"cache.hits, cache.misses and cache.unknown_lines count requests since the last report: at most {MaxCacheRequests} of each are allowed")
        : null;

    private bool TryTime(string field, Google.Protobuf.WellKnownTypes.Timestamp? wire, out DateTimeOffset time, out EventReading refusal)
    {
        refusal = default;
        if (!WireTime.TryRead(wire, out time))
        {
            refusal = EventReading.Rejected($"{field} is missing or is not a valid time: give a time in UTC");
            return false;
        }

        if (time - sentAt > Tolerance)
        {
            refusal = EventReading.Rejected(
                $"{field} is {(time - sentAt).TotalMinutes:F0} minutes later than the batch's own sent_at: at most {Tolerance.TotalMinutes:F0} are allowed",
                RejectionReason.InFuture);
            return false;
        }

        time = WireTime.Shift(time, shift);
        return true;
    }

    private static string? JobProblem(Job? wire) => wire is null ? "the event has no job: set the job"
        : IdProblem("job.job_key", wire.JobKey) ?? TextProblem("job.job_id", wire.JobId) ?? TextProblem("job.server_url", wire.ServerUrl)
            ?? TextProblem("job.repository", wire.Repository) ?? TextProblem("job.workflow", wire.Workflow) ?? TextProblem("job.name", wire.Name)
            ?? (wire.RunId < 0 || wire.RunAttempt < 0 || wire.CheckRunId < 0
                ? "job.run_id, run_attempt and check_run_id must not be negative: leave out what is not known"
                : null);

    private static EventReading? Refusal(string? problem) => problem is null ? null : EventReading.Rejected(problem);

    private static string? EventIdProblem(string id) => IdProblem("event_id", id);

    private static string? IdProblem(string field, string id) =>
        id.Length == 0 ? $"{field} is empty: give 1 to {MaxIdLength} printable ASCII characters"
        : id.Length > MaxIdLength ? $"{field} has {id.Length} characters: at most {MaxIdLength} are allowed"
        : id.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0 ? $"{field} has a character that is not printable ASCII"
        : null;

    private static string? TextProblem(string field, string text) =>
        text.Length <= MaxTextLength ? null : $"{field} has {text.Length} characters: at most {MaxTextLength} are allowed";

    private static EventReading UnknownEnum(string field, int value, string right) => value == 0
        ? EventReading.Rejected($"{field} is unspecified: give {right}")
        : EventReading.Unsupported($"this exporter does not know {field} {value} yet: keep the event and try again later");

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";

    // A payload of a newer contract is in the fields that the parser did not know, which only the size shows.
    private static bool HasUnknownPayload(Event wire)
    {
        var known = new Event { EventId = wire.EventId, OccurredAt = wire.OccurredAt, Runner = wire.Runner, Sequence = wire.Sequence };
        return wire.CalculateSize() > known.CalculateSize();
    }
}
