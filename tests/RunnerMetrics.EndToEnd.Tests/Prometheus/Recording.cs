using System.Text.Json;

namespace RunnerMetrics.EndToEnd.Tests.Prometheus;

/// <summary>What a real runner recorded, and what a correct reader concludes from it.</summary>
internal sealed record Recording(string Scenario, string Diag, string Conclusion, string? FailureReason, double Seconds)
{
    public string Runner => $"runner-{Scenario}";

    public bool IsEphemeral => Scenario == "ephemeral";

    public static Recording Load(string expected)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(expected));
        var root = json.RootElement;
        var folder = Path.GetDirectoryName(expected)!;
        var seconds = root.GetProperty("completedAt").GetDateTimeOffset() - root.GetProperty("startedAt").GetDateTimeOffset();
        return new Recording(
            Path.GetFileName(folder),
            Path.Combine(folder, "_diag"),
            root.GetProperty("conclusion").GetString()!,
            root.GetProperty("failureReason").GetString(),
            seconds.TotalSeconds);
    }
}
