using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Support;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>What GitHub tells of one run: real payloads, with other values.</summary>
internal static class RunPayload
{
    public const long RunId = 9753949763;

    /// <summary>The end of an attempt, in seconds from the tests' noon.</summary>
    public static JsonObject Run(double from, double to, string conclusion = "success", int attempt = 1)
    {
        var payload = JsonNode.Parse(Payload.Read("workflow_run/01-completed.json"))!.AsObject();
        payload["action"] = "completed";
        payload["repository"]!["full_name"] = "acme/shop";
        payload["repository"]!["html_url"] = "https://github.com/acme/shop";
        var run = payload["workflow_run"]!.AsObject();
        (run["id"], run["run_attempt"], run["name"], run["conclusion"]) = (RunId, attempt, "CI", conclusion);
        (run["head_branch"], run["head_sha"]) = ("main", Payload.Sha);
        (run["run_started_at"], run["updated_at"]) = (Payload.At(from), Payload.At(to));
        return payload;
    }

    /// <summary>A state of a job.</summary>
    public static JsonObject Job(
        long id, string name, double created, double started, double completed, string conclusion = "success", int attempt = 1, string action = "completed",
        params (string Name, string Conclusion, double From, double To)[] steps) => Payload.Job(action, job =>
    {
        (job["id"], job["run_id"], job["run_attempt"], job["name"]) = (id, RunId, attempt, name);
        job["check_run_url"] = $"https://api.github.com/repos/acme/shop/check-runs/{id}";
        (job["head_branch"], job["head_sha"]) = ("main", Payload.Sha);
        job["created_at"] = Payload.At(created);
        job["started_at"] = Payload.At(action == "queued" ? created : started);
        job["completed_at"] = action == "completed" ? Payload.At(completed) : null;
        job["conclusion"] = action == "completed" ? conclusion : null;
        job["steps"] = new JsonArray([.. steps.Select(step => new JsonObject
        {
            ["name"] = step.Name,
            ["status"] = "completed",
            ["conclusion"] = step.Conclusion,
            ["started_at"] = Payload.At(step.From),
            ["completed_at"] = Payload.At(step.To),
        })]);
        if (conclusion == "skipped")
        {
            (job["runner_name"], job["runner_id"], job["runner_group_name"]) = (null, null, null);
        }
    });
}
