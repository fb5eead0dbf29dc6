using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>Payloads as GitHub sends them.</summary>
internal static class Payload
{
    public static string Folder { get; } = Path.Combine(RepositoryFolder.Path, "tests/RunnerMetrics.Exporter.Tests/Fixtures/github-webhooks");

    public static string[] AllJobs { get; } =
        [.. Directory.GetFiles(Path.Combine(Folder, "workflow_job")).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Folder, file));

    /// <summary>A job as GitHub tells of it at the tests' noon, on a self-hosted runner: a real payload, with other values.</summary>
    /// <param name="action">queued, waiting, in_progress or completed.</param>
    /// <param name="change">What is different.</param>
    public static JsonObject Job(string action, Action<JsonObject>? change = null)
    {
        var payload = JsonNode.Parse(Read("workflow_job/01-completed.json"))!.AsObject();
        payload["action"] = action;
        var job = payload["workflow_job"]!.AsObject();
        var (isRun, isOver) = (action is "in_progress" or "completed", action == "completed");
        payload["repository"]!["full_name"] = "acme/shop";
        payload["repository"]!["html_url"] = "https://github.com/acme/shop";
        job["status"] = action;
        job["id"] = 1001;
        job["check_run_url"] = "https://api.github.com/repos/acme/shop/check-runs/1001";
        job["run_id"] = 7;
        job["name"] = "build";
        job["workflow_name"] = "CI";
        job["created_at"] = At(-100);
        job["started_at"] = isRun ? At(-60) : At(-100);
        job["completed_at"] = isOver ? At(-10) : null;
        job["conclusion"] = isOver ? "success" : null;
        job["labels"] = new JsonArray("self-hosted", "linux", "standard");
        job["runner_name"] = isRun ? "r1" : null;
        job["runner_id"] = isRun ? 12 : null;
        job["runner_group_name"] = isRun ? "Default" : null;
        job["steps"] = new JsonArray();
        change?.Invoke(job);
        return payload;
    }

    /// <summary>A deployment as GitHub tells of it at the tests' noon: a real payload, with other values.</summary>
    public static JsonObject Deployment(string state, long id = 501, string sha = Sha, double at = 0, string environment = "production")
    {
        var payload = JsonNode.Parse(Read("deployment_status/01-created.json"))!.AsObject();
        payload["repository"]!["full_name"] = "acme/shop";
        payload["repository"]!["html_url"] = "https://github.com/acme/shop";
        var (deployment, status) = (payload["deployment"]!, payload["deployment_status"]!);
        (deployment["id"], deployment["sha"], deployment["environment"], deployment["created_at"]) = (id, sha, environment, At(at - 30));
        (status["state"], status["environment"], status["created_at"]) = (state, environment, At(at));
        return payload;
    }

    /// <summary>A push of one commit: a real payload, with other values.</summary>
    public static JsonObject Push(string sha = Sha, double committedAt = -3600)
    {
        var payload = JsonNode.Parse(Read("push/00.json"))!.AsObject();
        payload["repository"]!["full_name"] = "acme/shop";
        payload["repository"]!["html_url"] = "https://github.com/acme/shop";
        var commit = payload["head_commit"]!;
        (commit["id"], commit["timestamp"]) = (sha, At(committedAt));
        payload["commits"] = new JsonArray(commit.DeepClone());
        return payload;
    }

    /// <summary>A commit.</summary>
    public const string Sha = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";

    /// <summary>A time as GitHub writes it.</summary>
    public static string At(double seconds) => AgentEvents.Now.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    public static byte[] Bytes(this JsonNode payload) => Encoding.UTF8.GetBytes(payload.ToJsonString());

    public static string Sign(byte[] body, string secret) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
}
