using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>The payloads of what belongs to a job: <c>push</c> and <c>deployment_status</c>, with the fields that GitHub's have.</summary>
internal static class DeploymentPayload
{
    /// <summary>The push of the commit that a job is of.</summary>
    public static string Push(WorkflowJobNews job, DateTimeOffset committedAt)
    {
        var commit = new JsonObject
        {
            ["id"] = job.Sha,
            ["distinct"] = true,
            ["message"] = "A change",
            ["timestamp"] = Time(committedAt),
            ["url"] = $"https://github.com/{job.Repository}/commit/{job.Sha}",
            ["author"] = new JsonObject { ["name"] = "octocat" },
            ["committer"] = new JsonObject { ["name"] = "GitHub" },
        };
        return new JsonObject
        {
            ["ref"] = "refs/heads/main",
            ["after"] = job.Sha,
            ["deleted"] = false,
            ["head_commit"] = commit,
            ["commits"] = new JsonArray(commit.DeepClone()),
            ["repository"] = Repository(job),
            ["sender"] = Sender(),
        }.ToJsonString();
    }

    /// <summary>How far the job's deployment to production is; its id is the job's.</summary>
    public static string Status(WorkflowJobNews job, string state, DateTimeOffset at)
    {
        var url = $"https://api.github.com/repos/{job.Repository}/deployments/{job.Id.ToString(CultureInfo.InvariantCulture)}";
        return new JsonObject
        {
            ["action"] = "created",
            ["deployment_status"] = new JsonObject
            {
                ["id"] = job.Id,
                ["state"] = state,
                ["environment"] = "production",
                ["description"] = "",
                ["created_at"] = Time(at),
                ["updated_at"] = Time(at),
                ["deployment_url"] = url,
            },
            ["deployment"] = new JsonObject
            {
                ["url"] = url,
                ["id"] = job.Id,
                ["sha"] = job.Sha,
                ["ref"] = "main",
                ["task"] = "deploy",
                ["environment"] = "production",
                ["original_environment"] = "production",
                ["created_at"] = Time(job.CreatedAt),
                ["updated_at"] = Time(at),
            },
            ["repository"] = Repository(job),
            ["sender"] = Sender(),
        }.ToJsonString();
    }

    private static JsonObject Repository(WorkflowJobNews job) => new()
    {
        ["name"] = job.Repository[(job.Repository.IndexOf('/', StringComparison.Ordinal) + 1)..],
        ["full_name"] = job.Repository,
        ["private"] = true,
        ["html_url"] = $"https://github.com/{job.Repository}",
    };

    private static JsonObject Sender() => new() { ["login"] = "octocat", ["type"] = "User" };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
