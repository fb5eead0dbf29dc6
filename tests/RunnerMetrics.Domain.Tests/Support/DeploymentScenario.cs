using System.Globalization;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Metrics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Domain.Tests.Support;

/// <summary>A fleet that is told of deployments; times are hours since its first noon.</summary>
internal sealed class DeploymentScenario(FleetOptions? options = null) : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private readonly FleetOptions _options = options ?? new FleetOptions();
    private MetricRegistry _registry = new();
    private FleetState? _fleet;
    private int _events;

    public static string Where(string repository = "acme/shop", string environment = "production") => $"repository=\"{repository}\",environment=\"{environment}\"";

    public static DateTimeOffset At(double hours) => Noon.AddHours(hours);

    /// <summary>A commit's hash.</summary>
    public static string Sha(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    public static DeploymentChanged Ended(string id, double at, bool good = true, int? commit = null, bool rework = false, double? committed = null, string repository = "acme/shop") => new(
        "", At(at), new Deployment(id, "https://github.com", RepositoryName.Kept(repository), EnvironmentName.Kept("production"), good ? DeploymentState.Success : DeploymentState.Failure)
        {
            FinishedAt = At(at),
            Sha = CommitSha.Kept(commit is { } number ? Sha(number) : ""),
            HeadCommittedAt = committed is { } hours ? At(hours) : null,
            IsRework = rework,
        });

    public static DeploymentChanged Pending(string id, double at, int? commit = null, string repository = "acme/shop", string environment = "production") => new(
        "", At(at), new Deployment(id, "https://github.com", RepositoryName.Kept(repository), EnvironmentName.Kept(environment), DeploymentState.Pending) { Sha = CommitSha.Kept(commit is { } number ? Sha(number) : "") });

    public static IncidentChanged Incident(string id, double? opened, double? resolved = null, string deployment = "", string repository = "acme/shop") => new(
        "", At(resolved ?? opened ?? 0), new Incident(id, "https://github.com", RepositoryName.Kept(repository), EnvironmentName.Kept("production"))
        {
            DeploymentId = deployment,
            OpenedAt = opened is { } from ? At(from) : null,
            ResolvedAt = resolved is { } to ? At(to) : null,
        });

    public static CommitsSeen Commits(double at, params (int Number, double CommittedAt)[] commits) => new(
        "", At(at), "https://github.com", RepositoryName.Kept("acme/shop"), [.. commits.Select(commit => new Commit(CommitSha.Kept(Sha(commit.Number)), At(commit.CommittedAt)))]);

    public DeploymentScenario Tell(params FleetEvent[] told)
    {
        _fleet ??= new FleetState(_registry, _options);
        foreach (var happened in told)
        {
            _fleet.Apply(happened with { EventId = (++_events).ToString(CultureInfo.InvariantCulture) });
        }

        return this;
    }

    public Scraped Scrape() => Scraped.From(_registry);

    /// <summary>Continues with a state that was written and read again.</summary>
    public void Restart()
    {
        var before = Scrape().Text;
        using var bytes = new MemoryStream();
        _fleet!.Save(bytes);
        _registry.Dispose();
        _registry = new MetricRegistry();
        _fleet = new FleetState(_registry, _options);
        bytes.Position = 0;
        _fleet.Load(bytes);
        Assert.Equal(bytes.Length, bytes.Position);
        Assert.Equal(before, Scrape().Text);
    }

    public void Dispose() => _registry.Dispose();
}
