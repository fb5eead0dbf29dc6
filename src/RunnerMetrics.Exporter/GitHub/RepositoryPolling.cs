using System.Globalization;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Webhooks;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Looks at one repository's runs, and at the jobs of those that may have news.</summary>
internal sealed class RepositoryPolling(GitHubClient client, PolledJobs jobs, FleetState fleet, GitHubScopes scopes, GitHubClock clock)
{
    private const int MostAttempts = 5;

    /// <summary>A run is listed, and its time of change is told, some moments after it changed.</summary>
    private static readonly TimeSpan Unlisted = TimeSpan.FromMinutes(10);

    /// <summary>After a restart: how far back runs are listed that may have been open when the exporter stopped. GitHub cancels a job that runs for 5 days; most end within hours.</summary>
    private static readonly TimeSpan OpenFor = TimeSpan.FromDays(3);

    private static readonly string[] OpenStates = ["queued", "in_progress"];

    private readonly Dictionary<string, RepositoryLook> _looks = new(StringComparer.OrdinalIgnoreCase);
    private readonly string _enterpriseHost = GitHubServer.IsEnterprise(scopes.Server) ? scopes.Host : "";

    public bool HasOpenRuns(RepositoryItem repository) => _looks.TryGetValue(repository.FullName!, out var look) && look.HasOpenRuns;

    /// <summary>Looks once.</summary>
    /// <returns>Why it did not come to its end, or null.</returns>
    public async Task<GitHubFailure?> LookAsync(GitHubScope scope, RepositoryItem repository, CancellationToken stop)
    {
        if (!_looks.TryGetValue(repository.FullName!, out var look))
        {
            _looks[repository.FullName!] = look = new RepositoryLook();
        }

        var now = clock.Now;
        var polled = fleet.PolledOf(scope.Name)!.Value;
        var listSince = (look.LookedAtUntil ?? polled.Until - OpenFor) - Unlisted;
        Dictionary<long, RunPart> runs = [];
        var failure = await ListAsync(repository, look, listSince, runs, stop);
        if (failure?.Kind == GitHubFailureKind.NotFound)
        {
            return null; // its Actions are off, or it is gone
        }

        foreach (var run in failure is null ? runs.Values.OrderBy(run => run.CreatedAt).ToArray() : [])
        {
            failure = await FollowAsync(repository, look, run, polled, stop);
            if (failure is not null)
            {
                return failure;
            }
        }

        if (failure is null)
        {
            look.LookedAtUntil = now;
            look.Prune(now - Unlisted - Unlisted);
        }

        return failure;
    }

    private async Task<GitHubFailure?> ListAsync(RepositoryItem repository, RepositoryLook look, DateTimeOffset since, Dictionary<long, RunPart> runs, CancellationToken stop)
    {
        var path = $"/repos/{repository.FullName}/actions/runs";
        void Take(RunsPart page)
        {
            foreach (var run in (page.WorkflowRuns ?? []).OfType<RunPart>())
            {
                runs[run.Id] = run;
            }
        }

        // The latest first, as far back as there may be news; and whatever is open, however old: a run that was started again keeps its place in the list.
        var failure = await client.GetPagesAsync($"{path}?per_page=100", GitHubJson.Default.RunsPart, page =>
        {
            Take(page);
            return page.WorkflowRuns is [.., { } last] && last.CreatedAt >= since;
        }, stop, part: JobPolling.Part);
        foreach (var state in failure is null ? OpenStates : [])
        {
            failure ??= await client.GetPagesAsync($"{path}?status={state}&per_page=100", GitHubJson.Default.RunsPart, page =>
            {
                Take(page);
                return true;
            }, stop, part: JobPolling.Part);
        }

        // One that was open and is in neither list ended since: the run itself is asked for by its jobs.
        foreach (var (id, run) in look.Runs.Where(run => !run.Value.IsSettled && !runs.ContainsKey(run.Key)))
        {
            runs[id] = new RunPart(id, run.Attempt, null, "completed", run.CreatedAt, run.UpdatedAt);
        }

        return failure;
    }

    private async Task<GitHubFailure?> FollowAsync(RepositoryItem repository, RepositoryLook look, RunPart run, (DateTimeOffset Mark, DateTimeOffset Until) polled, CancellationToken stop)
    {
        var attempt = Math.Max(1, run.RunAttempt ?? 1);
        if (!look.Runs.TryGetValue(run.Id, out var known))
        {
            if (run.Status == "completed" && run.UpdatedAt < polled.Until - Unlisted)
            {
                return null; // it was over when everything was last looked at, or before anything was
            }

            look.Runs[run.Id] = known = new RunLook(run.CreatedAt);
        }
        else if (known.IsSettled && known.Attempt == attempt && known.UpdatedAt == run.UpdatedAt)
        {
            return null;
        }

        (known.Attempt, known.IsSettled) = (attempt, false);
        for (var number = Math.Max(1, attempt - MostAttempts + 1); number <= attempt; number++)
        {
            if (!known.DoneAttempts.Contains(number) && await TakeJobsAsync(repository, run, number, known, polled.Mark, stop) is { } failure)
            {
                return failure;
            }
        }

        // Completed, and all of its jobs too: jobs that are added later make the run change.
        (known.IsSettled, known.UpdatedAt) = (run.Status == "completed" && known.DoneAttempts.Contains(attempt), run.UpdatedAt);
        return null;
    }

    private async Task<GitHubFailure?> TakeJobsAsync(RepositoryItem repository, RunPart run, int attempt, RunLook known, DateTimeOffset mark, CancellationToken stop)
    {
        List<WorkflowJobPayload.JobPart> all = [];
        var path = string.Create(CultureInfo.InvariantCulture, $"/repos/{repository.FullName}/actions/runs/{run.Id}/attempts/{attempt}/jobs?per_page=100");
        var failure = await client.GetPagesAsync(path, GitHubJson.Default.JobsPart, page =>
        {
            all.AddRange((page.Jobs ?? []).OfType<WorkflowJobPayload.JobPart>());
            return true;
        }, stop, part: JobPolling.Part);
        if (failure is not null)
        {
            // A run that was deleted has no jobs, and will have none.
            return failure.Kind == GitHubFailureKind.NotFound && known.DoneAttempts.Add(attempt) ? null : failure;
        }

        var isDone = all.Count > 0 || run.Status == "completed";
        foreach (var job in all.Where(job => job.Id is not null && (job.RunAttempt ?? attempt) == attempt))
        {
            isDone &= job.Status == "completed";
            if (known.Told.GetValueOrDefault(job.Id!.Value) == job.Status || job.CompletedAt < mark)
            {
                continue;
            }

            if (await jobs.TakeAsync(job, repository, _enterpriseHost))
            {
                known.Told[job.Id.Value] = job.Status ?? "";
            }
            else
            {
                isDone = false;
            }
        }

        if (isDone)
        {
            known.DoneAttempts.Add(attempt);
        }

        return null;
    }
}
