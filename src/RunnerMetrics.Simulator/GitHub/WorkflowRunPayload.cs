using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>A <c>workflow_run</c> payload with the fields that GitHub's has. A simulated run has one job, and ends with it.</summary>
public static class WorkflowRunPayload
{
    /// <summary>The end of the run of a job that has ended.</summary>
    public static string Of(WorkflowJobNews job)
    {
        ArgumentNullException.ThrowIfNull(job);
        var told = WorkflowJobPayload.Job(job);
        return new JsonObject
        {
            ["action"] = "completed",
            ["workflow_run"] = new JsonObject
            {
                ["id"] = job.RunId,
                ["name"] = job.Workflow,
                ["run_attempt"] = job.RunAttempt,
                ["status"] = "completed",
                ["conclusion"] = told["conclusion"]?.DeepClone(),
                ["head_branch"] = "main",
                ["head_sha"] = job.Sha,
                ["html_url"] = string.Create(CultureInfo.InvariantCulture, $"https://github.com/{job.Repository}/actions/runs/{job.RunId}"),
                ["created_at"] = told["created_at"]!.DeepClone(),
                ["run_started_at"] = told["created_at"]!.DeepClone(),
                ["updated_at"] = told["completed_at"]!.DeepClone(),
            },
            ["repository"] = new JsonObject
            {
                ["name"] = job.Repository[(job.Repository.IndexOf('/', StringComparison.Ordinal) + 1)..],
                ["full_name"] = job.Repository,
                ["private"] = true,
                ["html_url"] = $"https://github.com/{job.Repository}",
            },
            ["sender"] = new JsonObject { ["login"] = "octocat", ["type"] = "User" },
        }.ToJsonString();
    }
}
