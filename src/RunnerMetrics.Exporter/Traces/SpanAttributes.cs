using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Api;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>A span's attributes, named by OpenTelemetry's semantic conventions 1.44 where they have a name. What is not known is left out.</summary>
internal sealed class SpanAttributes
{
    private readonly List<KeyValuePair<string, object?>> _all = [];
    private string _runUrl = "";

    public IReadOnlyList<KeyValuePair<string, object?>> All => _all;

    public void Add(string name, string value)
    {
        if (value.Length > 0)
        {
            _all.Add(new(name, value));
        }
    }

    /// <summary>Adds an id, which the conventions write as a text.</summary>
    public void Add(string name, long id) => Add(name, id > 0 ? TraceIds.TextOf(id) : "");

    public void AddRepository(string serverUrl, RepositoryName repository, string branch, string sha)
    {
        Add("vcs.provider.name", "github");
        if (repository.ToString().Split('/') is [var owner, var name])
        {
            Add("vcs.owner.name", owner);
            Add("vcs.repository.name", name);
            Add("vcs.repository.url.full", GitHubLinks.RepositoryOf(GitHubServer.HostOf(serverUrl), repository) ?? "");
        }

        Add("vcs.ref.head.name", branch);
        Add("vcs.ref.head.revision", sha);
    }

    public void AddRun(string serverUrl, RepositoryName repository, string workflow, long runId, int attempt)
    {
        var host = GitHubServer.HostOf(serverUrl);
        _runUrl = GitHubLinks.RunOf(host, repository, runId, 0) ?? "";
        Add("cicd.pipeline.name", workflow);
        Add("cicd.pipeline.run.id", runId);
        Add("cicd.pipeline.run.url.full", GitHubLinks.RunOf(host, repository, runId, attempt) ?? "");
        if (attempt > 0)
        {
            _all.Add(new("runner_metrics.run.attempt", (long)attempt));
        }
    }

    /// <summary>The page of a job of the run; empty if it is not known.</summary>
    public string JobUrl(long jobId) => _runUrl.Length > 0 && jobId > 0 ? $"{_runUrl}/job/{TraceIds.TextOf(jobId)}" : "";
}
