using System.Text.Json;
using RunnerMetrics.Simulator.Logs;

namespace RunnerMetrics.Simulator.Tests;

public class JobMessageTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 0, 22, 43, TimeSpan.Zero);

    [Fact]
    public void Text_SameJob_HasTheRealMessagesProperties()
    {
        var real = RealMessage();
        var job = Stories.Of("ok");
        var simulated = new JobMessage(job, new WorkerIds(job).Timeline, new WorkerIds(job).Steps, Now).Text;
        Assert.Equal(Paths(JsonDocument.Parse(real).RootElement, "$"), Paths(JsonDocument.Parse(simulated).RootElement, "$"));

        // The same indentation, so the same number of lines.
        Assert.Equal(real.Split('\n').Length, simulated.Split('\n').Length);
    }

    [Fact]
    public void Text_NameOfQuotesAndLineBreaks_StaysJson()
    {
        const string Name = "say \"hi\" \\ {{run_id}}\n\tüñ → 日本 (x)";
        var job = Stories.Of("ok") with { DisplayName = Name, Matrix = [new("os", "a\"b")], CheckRunId = null };
        var root = JsonDocument.Parse(new JobMessage(job, "t", new WorkerIds(job).Steps, Now).Text).RootElement;
        Assert.Equal(Name, root.GetProperty("jobDisplayName").GetString());
        Assert.Equal("a\"b", root.GetProperty("contextData").GetProperty("matrix").GetProperty("d")[0].GetProperty("v").GetString());
        Assert.False(root.GetProperty("contextData").GetProperty("job").TryGetProperty("d", out _));
    }

    private static string RealMessage()
    {
        var log = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Fixtures", "runner-diag", "ok", "_diag"), "Worker_*.log").Single();
        var lines = File.ReadAllLines(log);
        var from = Array.FindIndex(lines, line => line.EndsWith("Job message:", StringComparison.Ordinal)) + 1;
        return string.Join('\n', lines[from..Array.FindIndex(lines, from, line => line == "}")]) + "\n}";
    }

    private static List<string> Paths(JsonElement element, string path) => element.ValueKind switch
    {
        JsonValueKind.Object => [.. element.EnumerateObject().SelectMany(property => Paths(property.Value, $"{path}.{property.Name}"))],
        JsonValueKind.Array => [.. element.EnumerateArray().SelectMany(item => Paths(item, path + "[]"))],
        JsonValueKind.Number => [$"{path}: number {(element.GetRawText().Contains('.', StringComparison.Ordinal) ? "1.0" : "1")}"],
        _ when path.EndsWith(".k", StringComparison.Ordinal) => [$"{path}: {element.GetString()}"],
        _ => [$"{path}: {element.ValueKind}"],
    };
}
