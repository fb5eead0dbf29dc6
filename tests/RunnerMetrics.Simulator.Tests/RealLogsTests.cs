using RunnerMetrics.Simulator.Running;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests;

public class RealLogsTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 22, 42, TimeSpan.Zero);

    public static TheoryData<string> Scenarios => ["ok", "fail", "cancel", "ephemeral", "init-failure", "worker-kill9", "started-hook-fails"];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Listener_SameStory_WritesTheRealOnesLines(string scenario)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(scenario, folder.Path);
        var real = LineShape.Of(Fixture(scenario), "Runner");
        var simulated = LineShape.Of(folder.Path, "Runner");

        // The real runners were killed after their job, all but the ephemeral one.
        Assert.Equal(real, simulated.Take(real.Count));
        Assert.True(real.Count > 50, $"Only {real.Count} lines of the real log were compared.");
        if (scenario == "ephemeral")
        {
            Assert.Equal(real.Count, simulated.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Worker_SameStory_WritesTheRealOnesLines(string scenario)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(scenario, folder.Path);
        var real = LineShape.Of(Fixture(scenario), "Worker");
        Assert.Equal(real, LineShape.Of(folder.Path, "Worker"));
        Assert.True(real.Count > 15, $"Only {real.Count} lines of the real log were compared.");
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task Worker_SameStory_ListensForACancelMessageOnce(string scenario)
    {
        using var folder = new TemporaryFolder();
        await RunAsync(scenario, folder.Path);
        Assert.Single(folder.Lines("Worker"), line => line.EndsWith("INFO Worker] Listening for cancel message from the channel.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task OnJobFinished_SameStory_SaysWhatARightReaderConcludes(string scenario)
    {
        using var folder = new TemporaryFolder();
        var did = await RunAsync(scenario, folder.Path);
        var expected = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "runner-diag", scenario, "expected.json"), TestContext.Current.CancellationToken)).RootElement;
        var job = Assert.Single(did);
        Assert.Equal(expected.GetProperty("conclusion").GetString(), job.Conclusion.ToString().ToLowerInvariant());
        Assert.Equal(expected.GetProperty("failureReason").GetString(), job.FailureReason?.ToString().ToLowerInvariant());
    }

    private static async Task<List<SimulatedJob>> RunAsync(string scenario, string folder)
    {
        var did = new List<SimulatedJob>();
        var options = new SimulatorOptions { DiagDirectory = folder, RunnerName = "mock-runner-1", Ephemeral = scenario == "ephemeral", Jobs = 1 };
        var runner = new SimulatedRunner(options, new HistoryClock(Start), () => Stories.Of(scenario)) { OnJobFinished = did.Add };
        await runner.RunAsync(TestContext.Current.CancellationToken);
        return did;
    }

    private static string Fixture(string scenario) => Path.Combine(AppContext.BaseDirectory, "Fixtures", "runner-diag", scenario, "_diag");
}
