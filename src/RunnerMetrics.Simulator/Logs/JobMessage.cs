using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>The message by which GitHub hands a job out, as the worker logs it: indented, secrets masked.</summary>
internal sealed class JobMessage
{
    private static readonly string Template = EmbeddedText.Read("JobMessage.template.json").TrimEnd();

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JobMessage(JobPlan job, string timelineId, IReadOnlyList<string> stepIds, DateTimeOffset commitTime)
    {
        var owner = job.Repository[..job.Repository.IndexOf('/', StringComparison.Ordinal)];
        var text = new StringBuilder(Template);
        Replace(text, "job_id", job.JobId.ToString());
        Replace(text, "plan_id", job.PlanId.ToString());
        Replace(text, "timeline_id", timelineId);
        Replace(text, "endpoint_id", SeededGuid.Of("endpoint", timelineId).ToString());
        Replace(text, "orchestration_id", job.OrchestrationId);
        Replace(text, "request_id", job.RequestId.ToString(CultureInfo.InvariantCulture));
        Replace(text, "job_name", job.DisplayName);
        Replace(text, "job", job.Job);
        Replace(text, "repository", job.Repository);
        Replace(text, "owner", owner);
        Replace(text, "workflow", job.Workflow);
        Replace(text, "workflow_file", job.WorkflowFile);
        Replace(text, "run_id", job.RunId.ToString(CultureInfo.InvariantCulture));
        Replace(text, "run_number", job.RunNumber.ToString(CultureInfo.InvariantCulture));
        Replace(text, "run_attempt", job.RunAttempt.ToString(CultureInfo.InvariantCulture));
        Replace(text, "sha", job.Sha);
        Replace(text, "commit_time", LogTime.Exact(LogTime.Truncate(commitTime)));
        Insert(text, "steps", 1, Steps(job, stepIds));
        Insert(text, "matrix", 2, Matrix(job));
        Insert(text, "job_context", 2, JobContext(job));
        Text = text.ToString();
        Length = Text.Length.ToString(CultureInfo.InvariantCulture);
        Hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
    }

    /// <summary>The JSON.</summary>
    public string Text { get; }

    /// <summary>Its length in characters.</summary>
    public string Length { get; }

    /// <summary>Its SHA-256.</summary>
    public string Hash { get; }

    private static JsonArray Steps(JobPlan job, IReadOnlyList<string> stepIds) => new([.. job.Steps.Select((step, i) => new JsonObject
    {
        ["type"] = "action",
        ["reference"] = new JsonObject { ["type"] = "script" },
        ["displayNameToken"] = step.Name,
        ["contextName"] = $"__run_{i}",
        ["inputs"] = new JsonObject
        {
            ["type"] = 2,
            ["map"] = new JsonArray(new JsonObject { ["key"] = "script", ["value"] = step.Script }),
        },
        ["condition"] = step.Condition,
        ["id"] = stepIds[i],
        ["name"] = $"__run_{i}",
    })]);

    private static JsonObject? Matrix(JobPlan job) => job.Matrix.Count == 0 ? null : Dictionary(job.Matrix.Select(pair => (pair.Key, JsonValue.Create(pair.Value))));

    // GitHub sends numbers of contexts as doubles: 4242.0.
    private static JsonObject JobContext(JobPlan job) => job.CheckRunId is { } id
        ? Dictionary([("check_run_id", JsonValue.Create(id + 0.0m))])
        : new JsonObject { ["t"] = 2 };

    private static JsonObject Dictionary(IEnumerable<(string Key, JsonValue Value)> pairs) => new()
    {
        ["t"] = 2,
        ["d"] = new JsonArray([.. pairs.Select(pair => new JsonObject { ["k"] = pair.Key, ["v"] = pair.Value })]),
    };

    private static void Replace(StringBuilder text, string name, string value) =>
        text.Replace("{{" + name + "}}", JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString());

    private static void Insert(StringBuilder text, string name, int depth, JsonNode? value) =>
        text.Replace("{{" + name + "}}", (value?.ToJsonString(Indented) ?? "null").ReplaceLineEndings("\n" + new string(' ', 2 * depth)));
}
