using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Tells which of the history's open jobs run, by what is known of their runners now: a runner runs one job at a time, and one that is gone runs none.</summary>
internal sealed class OpenJobView(FleetState fleet)
{
    /// <summary>What the history says of a job, and what its runner does.</summary>
    public IReadOnlyList<JobAnswer> Describe(IReadOnlyList<HistoryJob> jobs)
    {
        var runners = jobs.Any(IsOpen) ? fleet.Describe().Where(runner => runner.HasAgent).ToDictionary(runner => (runner.Scope, runner.Name, runner.Type)) : null;
        return [.. jobs.Select(job => JobAnswer.Of(job, IsOpen(job) && runners!.TryGetValue((job.Scope, job.RunnerName, job.RunnerType), out var runner) && !Runs(runner, job)))];
    }

    private static bool IsOpen(HistoryJob job) => job.State == WorkflowJobState.InProgress;

    // Where the two name another run, another one is meant; where one does not name any, the later one runs.
    private static bool Runs(RunnerSummary runner, HistoryJob job) => runner is { State: not ("offline" or "refused"), Job: { } running, JobStartedAt: { } startedAt }
        && (running.RunId == 0 || job.RunId == 0 || running.RunId == job.RunId)
        && (running.Name.Length == 0 || job.Name.Length == 0 || running.Name == job.Name)
        && !(job.StartedAt + TimeSpan.FromMinutes(5) < startedAt);
}
