using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>What the worker publishes of a step when it is over.</summary>
/// <param name="Action"><c>sh</c>, or the hook's name.</param>
/// <param name="Type"><c>run</c> or <c>runner</c>.</param>
/// <param name="Stage"><c>Pre</c>, <c>Main</c> or <c>Post</c>.</param>
/// <param name="StepId">The timeline record.</param>
/// <param name="ContextName">The step's name in contexts, where it has one.</param>
/// <param name="Result"><c>Succeeded</c>, <c>Failed</c> or <c>Canceled</c>.</param>
/// <param name="Error">The error, where there was one.</param>
/// <param name="Elapsed">When it ran.</param>
internal sealed record StepTelemetry(
    string Action, string Type, string Stage, string StepId, string? ContextName, string Result, string? Error, Elapsed Elapsed)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The JSON, indented as the log has it.</summary>
    public string ToJson()
    {
        var json = new JsonObject { ["action"] = Action, ["type"] = Type, ["stage"] = Stage, ["stepId"] = StepId };
        if (ContextName is not null)
        {
            json["stepContextName"] = ContextName;
        }

        json["result"] = Result.ToLowerInvariant();
        json["errorMessages"] = Error is null ? new JsonArray() : new JsonArray(Error);
        json["executionTimeInSeconds"] = (int)Math.Max(1, Math.Ceiling((Elapsed.To - Elapsed.From).TotalSeconds));
        json["startTime"] = LogTime.Exact(Elapsed.From);
        json["finishTime"] = LogTime.Exact(Elapsed.To);
        return json.ToJsonString(Indented).ReplaceLineEndings("\n");
    }
}
