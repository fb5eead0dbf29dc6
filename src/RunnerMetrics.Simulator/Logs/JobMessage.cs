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
    // Even parts are text, odd ones are names of values.
    private static readonly string[] Template = EmbeddedText.Read("JobMessage.template.json").TrimEnd().Split(["{{", "}}"], StringSplitOptions.None);

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public JobMessage(JobPlan job, string timelineId, IReadOnlyList<string> stepIds, DateTimeOffset commitTime)
    {
        var owner = job.Repository[..job.Repository.IndexOf('/', StringComparison.Ordinal)];
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["job_id"] = Escape(job.JobId.ToString()),
            ["plan_id"] = Escape(job.PlanId.ToString()),
            ["timeline_id"] = Escape(timelineId),
            ["endpoint_id"] = Escape(SeededGuid.Of("endpoint", timelineId).ToString()),
            ["orchestration_id"] = Escape(job.OrchestrationId),
            ["request_id"] = Escape(job.RequestId.ToString(CultureInfo.InvariantCulture)),
            ["job_name"] = Escape(job.DisplayName),
            ["job"] = Escape(job.Job),
            ["repository"] = Escape(job.Repository),
            ["owner"] = Escape(owner),
            ["workflow"] = Escape(job.Workflow),
            ["workflow_file"] = Escape(job.WorkflowFile),
            ["run_id"] = Escape(job.RunId.ToString(CultureInfo.InvariantCulture)),
            ["run_number"] = Escape(job.RunNumber.ToString(CultureInfo.InvariantCulture)),
            ["run_attempt"] = Escape(job.RunAttempt.ToString(CultureInfo.InvariantCulture)),
            ["sha"] = Escape(job.Sha),
            ["commit_time"] = Escape(LogTime.Exact(LogTime.Truncate(commitTime))),
            ["steps"] = Indent(Steps(job, stepIds), 1),
            ["matrix"] = Indent(Matrix(job), 2),
            ["job_context"] = Indent(JobContext(job), 2),
        };
        Text = string.Concat(Template.Select((part, i) => i % 2 == 0 ? part : values[part]));
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

    private static string Escape(string value) => JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string Indent(JsonNode? value, int depth) =>
        (value?.ToJsonString(Indented) ?? "null").ReplaceLineEndings("\n" + new string(' ', 2 * depth));
}
