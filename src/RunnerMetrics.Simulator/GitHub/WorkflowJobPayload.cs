using System.Globalization;
using System.Text.Json.Nodes;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>A <c>workflow_job</c> payload with the fields that GitHub's has.</summary>
internal static class WorkflowJobPayload
{
    public static string Of(WorkflowJobNews news)
    {
        var owner = news.Repository[..news.Repository.IndexOf('/', StringComparison.Ordinal)];
        return new JsonObject
        {
            ["action"] = news.Action,
            ["workflow_job"] = Job(news),
            ["repository"] = new JsonObject
            {
                ["name"] = news.Repository[(owner.Length + 1)..],
                ["full_name"] = news.Repository,
                ["private"] = true,
                ["owner"] = new JsonObject { ["login"] = owner, ["type"] = "Organization" },
                ["html_url"] = $"https://github.com/{news.Repository}",
            },
            ["organization"] = new JsonObject { ["login"] = owner },
            ["sender"] = new JsonObject { ["login"] = "octocat", ["type"] = "User" },
        }.ToJsonString();
    }

    /// <summary>Reads one back; times have whole seconds in it, and steps are left out.</summary>
    public static WorkflowJobNews Read(JsonObject payload)
    {
        var job = payload["workflow_job"]!;
        return new WorkflowJobNews(
            (long)job["id"]!, (string)payload["repository"]!["full_name"]!, (string)job["workflow_name"]!, (string)job["name"]!, (long)job["run_id"]!, (int)job["run_attempt"]!, (string)job["head_sha"]!,
            (string)job["labels"]!.AsArray()[^1]!, (DateTimeOffset)job["created_at"]!)
        {
            RunnerName = (string?)job["runner_name"],
            RunnerId = (long?)job["runner_id"] ?? 1,
            StartedAt = (string?)job["status"] == "queued" ? null : (DateTimeOffset)job["started_at"]!,
            CompletedAt = (DateTimeOffset?)job["completed_at"],
            Conclusion = (string?)job["conclusion"] switch
            {
                "success" => JobConclusion.Success,
                "cancelled" => JobConclusion.Cancelled,
                "failure" => JobConclusion.Failed,
                _ => null,
            },
        };
    }

    /// <summary>The job alone, as the REST API gives it too.</summary>
    public static JsonObject Job(WorkflowJobNews news)
    {
        var api = $"https://api.github.com/repos/{news.Repository}";
        return new JsonObject
        {
            ["id"] = news.Id,
            ["node_id"] = "CR_" + Number(news.Id),
            ["run_id"] = news.RunId,
            ["workflow_name"] = news.Workflow,
            ["head_branch"] = "main",
            ["run_url"] = $"{api}/actions/runs/{Number(news.RunId)}",
            ["run_attempt"] = news.RunAttempt,
            ["head_sha"] = news.Sha,
            ["url"] = $"{api}/actions/jobs/{Number(news.Id)}",
            ["html_url"] = $"https://github.com/{news.Repository}/actions/runs/{Number(news.RunId)}/job/{Number(news.Id)}",
            ["status"] = news.Action,
            ["conclusion"] = Word(news.Conclusion),
            ["created_at"] = Time(news.CreatedAt),
            ["started_at"] = Time(news.StartedAt ?? news.CreatedAt),
            ["completed_at"] = news.CompletedAt is { } end ? Time(end) : null,
            ["name"] = news.Name,
            ["steps"] = new JsonArray([.. news.Steps.Select(Step)]),
            ["check_run_url"] = $"{api}/check-runs/{Number(news.Id)}",
            ["labels"] = new JsonArray("self-hosted", "Linux", "X64", news.RunnerType),
            ["runner_id"] = news.RunnerName is null ? null : news.RunnerId,
            ["runner_name"] = news.RunnerName,
            ["runner_group_id"] = news.RunnerName is null ? null : 1,
            ["runner_group_name"] = news.RunnerName is null ? null : "Default",
        };
    }

    private static JsonNode Step(WorkflowStep step, int index) => new JsonObject
    {
        ["name"] = step.Name,
        ["status"] = step.CompletedAt is null ? "in_progress" : "completed",
        ["conclusion"] = step.Conclusion,
        ["number"] = index + 1,
        ["started_at"] = Time(step.StartedAt),
        ["completed_at"] = step.CompletedAt is { } end ? Time(end) : null,
    };

    private static string? Word(JobConclusion? conclusion) => conclusion switch
    {
        JobConclusion.Success => "success",
        JobConclusion.Cancelled => "cancelled",
        JobConclusion.Failed => "failure",
        _ => null,
    };

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);

    // GitHub's times have whole seconds: 2026-11-21T00:22:43Z.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
