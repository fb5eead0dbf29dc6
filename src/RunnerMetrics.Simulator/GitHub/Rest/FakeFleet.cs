using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>What GitHub knows: repositories, runs with their jobs, and runners. One lock guards all of it.</summary>
internal sealed class FakeFleet(TimeProvider time)
{
    private readonly Dictionary<string, FakeRepository> _repositories = new(StringComparer.OrdinalIgnoreCase);
    /// <summary>A runner that is not heard for so long is offline.</summary>
    private static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(30);

    private readonly SortedDictionary<string, FakeRunner> _runners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _seenAt = new(StringComparer.Ordinal);

    public Lock Gate { get; } = new();

    public IReadOnlyList<FakeRepository> Repositories => [.. _repositories.Values.OrderBy(repository => repository.Id)];

    public IReadOnlyList<FakeRunner> Runners => [.. _runners.Values.OrderBy(runner => runner.Id).Select(runner => IsSilent(runner.Name) ? runner with { IsOnline = false } : runner)];

    /// <summary>When GitHub stops to serve versions: registration, and then jobs.</summary>
    public Dictionary<string, (DateTimeOffset Registration, DateTimeOffset Runtime)> Deprecations { get; } = new(StringComparer.Ordinal);

    public FakeRepository RepositoryOf(string fullName)
    {
        if (!_repositories.TryGetValue(fullName, out var repository))
        {
            _repositories[fullName] = repository = new FakeRepository(_repositories.Count + 1, fullName, time.GetUtcNow());
        }

        return repository;
    }

    public bool TryFind(string owner, string name, [NotNullWhen(true)] out FakeRepository? repository) => _repositories.TryGetValue($"{owner}/{name}", out repository);

    public void Take(WorkflowJobNews news)
    {
        var repository = RepositoryOf(news.Repository);
        if (!repository.Runs.TryGetValue(news.RunId, out var run))
        {
            repository.Runs[news.RunId] = run = new FakeRun(news);
            repository.PushedAt = time.GetUtcNow();
        }

        run.Take(news, time.GetUtcNow());
        if (news.RunnerName is { } name && _runners.TryGetValue(name, out var runner))
        {
            _runners[name] = runner with { IsBusy = news.CompletedAt is null };
        }
    }

    public void Set(FakeRunner runner) => _runners[runner.Name] = runner;

    public void Remove(string runner) => _runners.Remove(runner);

    /// <summary>Takes note that a runner is there, and registers it where it is new; one that comes back runs nothing yet.</summary>
    /// <returns>The id under which it is registered.</returns>
    public long See(string name, string type)
    {
        if (!_runners.TryGetValue(name, out var runner))
        {
            Set(new FakeRunner(_runners.Values.Select(known => known.Id).DefaultIfEmpty().Max() + 1, name, "self-hosted", "Linux", "X64", type));
        }
        else if (IsSilent(name))
        {
            Set(runner with { IsBusy = false });
        }

        _seenAt[name] = time.GetUtcNow();
        return _runners[name].Id;
    }

    // Those that a test or the demo registered stay as they are.
    private bool IsSilent(string name) => _seenAt.TryGetValue(name, out var at) && time.GetUtcNow() - at > SilentAfter;
}
