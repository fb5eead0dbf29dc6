using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>A workflow run: its attempts, and the jobs of each as they are now.</summary>
internal sealed class FakeRun(WorkflowJobNews first)
{
    private readonly SortedDictionary<int, Dictionary<long, WorkflowJobNews>> _attempts = [];

    public long Id { get; } = first.RunId;

    public string Repository { get; } = first.Repository;

    public string Workflow { get; } = first.Workflow;

    public string Sha { get; } = first.Sha;

    public DateTimeOffset CreatedAt { get; } = first.CreatedAt;

    public DateTimeOffset UpdatedAt { get; private set; } = first.CreatedAt;

    public int Attempt => _attempts.Keys.Last();

    public string Status
    {
        get
        {
            var jobs = _attempts[Attempt].Values;
            return jobs.All(job => job.CompletedAt is not null) ? "completed" : jobs.All(job => job.StartedAt is null && job.CompletedAt is null) ? "queued" : "in_progress";
        }
    }

    public string? Conclusion => Status != "completed" ? null
        : _attempts[Attempt].Values.Any(job => job.Conclusion == JobConclusion.Failed) ? "failure"
        : _attempts[Attempt].Values.Any(job => job.Conclusion == JobConclusion.Cancelled) ? "cancelled"
        : "success";

    public void Take(WorkflowJobNews news, DateTimeOffset at)
    {
        if (!_attempts.TryGetValue(news.RunAttempt, out var jobs))
        {
            _attempts[news.RunAttempt] = jobs = [];
        }

        jobs[news.Id] = news;
        UpdatedAt = at;
    }

    /// <summary>An attempt's jobs. Those that were not run again stand in it too, under the attempt that they are of.</summary>
    public IReadOnlyList<WorkflowJobNews>? JobsOf(int attempt) => !_attempts.TryGetValue(attempt, out var jobs) ? null :
    [
        .. jobs.Values,
        .. _attempts.Where(earlier => earlier.Key < attempt).SelectMany(earlier => earlier.Value.Values).Where(job => jobs.Values.All(other => other.Name != job.Name)),
    ];
}
