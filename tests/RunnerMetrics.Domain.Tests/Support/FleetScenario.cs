using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Support;

/// <summary>A fleet, its watch and its metrics; times are seconds after noon.</summary>
internal sealed class FleetScenario : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private int _events;

    public FleetScenario(FleetOptions? options = null)
    {
        Options = options ?? new FleetOptions();
        Fleet = new FleetState(Registry, Options);
        Watch = new FleetWatch(Fleet, Registry, Options);
    }

    public FleetOptions Options { get; }

    public MetricRegistry Registry { get; } = new();

    public FleetState Fleet { get; }

    public FleetWatch Watch { get; }

    public static RunnerIdentity Runner(
        string name = "r1", string life = "life-1", string type = "standard", bool ephemeral = false, string version = "2.336.0", string scope = "") =>
        RunnerIdentity.TryCreate(name, type, version, ephemeral, life, scope, out var runner, out var problem)
            ? runner
            : throw new ArgumentException(problem, nameof(name));

    public static JobIdentity Job(string key) =>
        new(key, "guid", "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", 4711, 1, 99);

    public static DateTimeOffset At(double seconds) => Noon + TimeSpan.FromSeconds(seconds);

    public string NextId() => string.Create(CultureInfo.InvariantCulture, $"event-{++_events}");

    public ApplyOutcome Start(string job, double at, RunnerIdentity? runner = null, string? id = null) =>
        Fleet.Apply(new JobStarted(id ?? NextId(), At(at), runner ?? Runner(), Job(job)));

    /// <summary>A job that was measured from <paramref name="from"/> to <paramref name="at"/>.</summary>
    public ApplyOutcome End(
        string job, double at, JobConclusion conclusion = JobConclusion.Success, JobFailureReason? reason = null, double? from = null,
        RunnerIdentity? runner = null, string? id = null) =>
        Fleet.Apply(new JobCompleted(
            id ?? NextId(), At(at), runner ?? Runner(), Job(job), conclusion, reason, from is { } start ? At(start) : null, At(at)));

    /// <summary>A job whose loss was noticed at <paramref name="at"/>.</summary>
    public ApplyOutcome Lose(string job, double at, RunnerIdentity? runner = null, double? from = null) =>
        Fleet.Apply(new JobCompleted(
            NextId(), At(at), runner ?? Runner(), Job(job), JobConclusion.Lost, JobFailureReason.Runner, from is { } start ? At(start) : null, null));

    public ApplyOutcome Stop(double at, RunnerIdentity? runner = null) =>
        Fleet.Apply(new RunnerStopped(NextId(), At(at), runner ?? Runner(), "asked to"));

    public ApplyOutcome Cache(string type, ulong hits, ulong misses, RunnerIdentity? runner = null) =>
        Fleet.Apply(new CacheReported(NextId(), At(0), runner ?? Runner(), type, hits, misses));

    /// <summary>GitHub's word that a runner took a job that had waited.</summary>
    public ApplyOutcome Wait(double at, double seconds, RunnerIdentity? runner = null) =>
        Fleet.Apply(Waited(NextId(), _events, at, seconds, runner ?? Runner()));

    public static WorkflowJobChanged Waited(string eventId, long job, double at, double seconds, RunnerIdentity runner) => new(
        eventId, At(at), At(at), WorkflowJobState.InProgress, new WorkflowJob(job, 0, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", 4711, 1, runner.Type)
        {
            RunnerName = runner.Name,
            RunnerIsEphemeral = runner.Ephemeral,
            CreatedAt = At(at - seconds),
            StartedAt = At(at),
        });

    /// <summary>A heartbeat as the collector takes it.</summary>
    /// <returns>How many more events its sender has dropped.</returns>
    public ulong Beat(
        double at, RunnerState state = RunnerState.Idle, RunnerIdentity? runner = null, double? started = -100, ulong lost = 0, double? received = null)
    {
        Observe(received ?? at);
        var heartbeat = new Heartbeat(runner ?? Runner(), state, started is { } s ? At(s) : null, At(at), At(received ?? at), lost);
        if (Fleet.FirstSign(heartbeat) is { } seen)
        {
            Fleet.Apply(seen);
        }

        return Fleet.RecordHeartbeat(heartbeat).EventsLost;
    }

    /// <summary>Lets the exporter watch until a moment.</summary>
    public void Observe(double until) => Fleet.Observed = TimeSpan.FromSeconds(until);

    /// <summary>Lets the watch judge, and folds its decisions in.</summary>
    public IReadOnlyList<FleetEvent> Judge(double at)
    {
        Observe(at);
        var verdicts = Watch.Judge(At(at));
        foreach (var verdict in verdicts)
        {
            Fleet.Apply(verdict);
        }

        return verdicts;
    }

    public Scraped Scrape(double? at = null, ExpositionFormat format = ExpositionFormat.Text)
    {
        if (at is { } seconds)
        {
            Fleet.ShowTime(At(seconds));
        }

        return Scraped.From(Registry, format);
    }

    public void Dispose() => Registry.Dispose();
}
