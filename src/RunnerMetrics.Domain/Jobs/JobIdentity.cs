using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>Which job something happened to, and where it comes from. What is not known is empty or 0.</summary>
/// <param name="Key">The job's identity: see <see cref="JobKey"/>.</param>
/// <param name="JobId">The runner's job GUID, which repeats in later runs.</param>
/// <param name="ServerUrl"><c>https://github.com</c>, or an Enterprise Server's address.</param>
/// <param name="Repository"><c>owner/name</c>.</param>
/// <param name="Workflow">The workflow's name.</param>
/// <param name="Name">The display name, matrix leg included.</param>
/// <param name="RunId">The workflow run's id.</param>
/// <param name="RunAttempt">The run's attempt, from 1.</param>
/// <param name="CheckRunId">The id of the job's check run.</param>
public sealed record JobIdentity(
    string Key,
    string JobId = "",
    string ServerUrl = "",
    RepositoryName Repository = default,
    string Workflow = "",
    string Name = "",
    long RunId = 0,
    int RunAttempt = 0,
    long CheckRunId = 0);
