using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>
/// Asks for jobs, for those who cannot receive webhooks: repository after repository, those that were pushed to last first; a round that a limit ends goes on where it was. What the first round finds to have
/// ended before it counts nowhere.
/// </summary>
internal sealed class JobPolling : IGitHubFeature
{
    /// <summary>How much of the rate limit's share it may use: missed webhooks and the list of runners come first.</summary>
    public const double Part = 0.8;

    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(5);

    /// <summary>A repository without a push for so long, in which nothing runs, is looked at in one round of ten: its runs are scheduled, or begun by hand.</summary>
    private static readonly TimeSpan QuietAfter = TimeSpan.FromDays(7);
    private const int QuietRounds = 10;

    private readonly GitHubClient _client;
    private readonly GitHubScopes _scopes;
    private readonly RepositoryPolling _repositories;
    private readonly CommitLoop _commits;
    private readonly FleetState _fleet;
    private readonly GitHubClock _clock;
    private readonly GitHubMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Queue<(GitHubScope Scope, RepositoryItem Repository)> _left = [];
    private (long Started, DateTimeOffset BeganAt, DateTimeOffset At)? _round;
    private PollingRound? _lastRound;
    private int _rounds;

    public JobPolling(
        GitHubClient client, GitHubScopes scopes, RepositoryPolling repositories, CommitLoop commits, FleetState fleet, GitHubClock clock, GitHubMetrics metrics, MetricRegistry registry, TimeProvider time,
        ILogger<JobPolling> logger)
    {
        (_client, _scopes, _repositories, _commits, _fleet, _clock, _metrics, _time, _logger) = (client, scopes, repositories, commits, fleet, clock, metrics, time, logger);
        registry.AddCollector(Show);
    }

    public string Name => "jobs";

    /// <summary>The last round that came to its end; null where none has.</summary>
    public PollingRound? LastRound => Volatile.Read(ref _lastRound);

    public TimeSpan Every => TimeSpan.FromSeconds(30);

    public async Task<GitHubFailure?> RunAsync(CancellationToken stop)
    {
        var found = await _scopes.FindAsync(stop);
        if (!found.IsGood)
        {
            return found.Failure;
        }

        try
        {
            if (_round is null && await BeginAsync(found.Value, stop) is { } failure)
            {
                return failure;
            }

            while (_left.TryPeek(out var next))
            {
                if (await _repositories.LookAsync(next.Scope, next.Repository, stop) is { } problem)
                {
                    return problem;
                }

                _left.Dequeue();
            }

            await EndAsync(found.Value);
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return new GitHubFailure(GitHubFailureKind.Unavailable, $"what it tells of jobs cannot be kept: {e.Message}");
        }
    }

    private async Task<GitHubFailure?> BeginAsync(IReadOnlyList<GitHubScope> scopes, CancellationToken stop)
    {
        var round = (_time.GetTimestamp(), _time.GetUtcNow(), _clock.Now);
        List<(GitHubScope, RepositoryItem)> all = [];
        foreach (var scope in scopes)
        {
            var (repositories, failure) = await ListAsync(scope, stop);
            if (failure is not null)
            {
                return failure;
            }

            if (_fleet.PolledOf(scope.Name) is null)
            {
                await NoteAsync(scope, _clock.Now);
                GitHubLog.PollingBegins(_logger, scope.Name);
            }

            all.AddRange(repositories.Where(repository => _rounds % QuietRounds == 0 || !IsQuiet(repository)).Select(repository => (scope, repository)));
        }

        foreach (var next in all.OrderByDescending(next => next.Item2.PushedAt))
        {
            _left.Enqueue(next);
        }

        (_round, _rounds) = (round, _rounds + 1);
        return null;
    }

    private bool IsQuiet(RepositoryItem repository) =>
        !_repositories.HasOpenRuns(repository) && !(_clock.Now - repository.PushedAt < QuietAfter);

    private async Task<(IReadOnlyList<RepositoryItem>, GitHubFailure?)> ListAsync(GitHubScope scope, CancellationToken stop)
    {
        List<RepositoryItem> repositories = [];
        bool Take(IEnumerable<RepositoryItem?>? page)
        {
            repositories.AddRange((page ?? []).OfType<RepositoryItem>().Where(repository => repository is { FullName.Length: > 0, Archived: false }));
            return true;
        }

        if (scope.Repository is not null)
        {
            var only = await _client.GetAsync(scope.Path, GitHubJson.Default.RepositoryItem, stop, part: Part);
            return ([.. only.Value is { } repository ? new[] { repository } : []], only.Failure);
        }

        // An installation may see fewer than there are; of a person's token there is no such list.
        var failure = _client.Credential.IsApp
            ? await _client.GetPagesAsync("/installation/repositories?per_page=100", GitHubJson.Default.RepositoriesPart, page => Take(page.Repositories), stop, part: Part)
            : await _client.GetPagesAsync($"{scope.Path}/repos?sort=pushed&direction=desc&per_page=100", GitHubJson.Default.RepositoryItemArray, Take, stop, part: Part);
        return ([.. repositories.Where(repository => repository.FullName!.StartsWith(scope.Owner + "/", StringComparison.OrdinalIgnoreCase))], failure);
    }

    private async Task EndAsync(IReadOnlyList<GitHubScope> scopes)
    {
        var (started, beganAt, at) = _round!.Value;
        var round = new PollingRound(beganAt, _time.GetElapsedTime(started), started);
        Volatile.Write(ref _lastRound, round);
        _round = null;
        if (round.Length > Slow)
        {
            GitHubLog.PollingIsSlow(_logger, Math.Round(round.Length.TotalMinutes));
        }

        // Only a round over all of them says that nothing before it is left.
        foreach (var scope in (_rounds - 1) % QuietRounds == 0 ? scopes : [])
        {
            await NoteAsync(scope, at);
        }
    }

    private async Task NoteAsync(GitHubScope scope, DateTimeOffset until) =>
        await _commits.SubmitAsync([CommitItem.Of(new JobsPolled(string.Create(CultureInfo.InvariantCulture, $"polled:{until.UtcTicks}:{scope.Name}"), until, scope.Name))]);

    // At every scrape: it grows while nothing comes.
    private void Show() => _metrics.ShowPolling(_lastRound?.Length, _lastRound is { } last ? _time.GetElapsedTime(last.Started) : null);
}
