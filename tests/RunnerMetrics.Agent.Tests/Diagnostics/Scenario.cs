using System.Text.Json;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>A folder of real logs, and what a correct reader concludes of them.</summary>
internal sealed record Scenario(string Name, string ListenerPage, string Listener, string WorkerPage, string Worker)
{
    public const string RunnerName = "mock-runner-1";

    public const string Scope = "github.com/acme/shop";

    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Fixtures", "runner-diag");

    public string JobId => Expected.GetProperty("jobId").GetString()!;

    public string JobName => Expected.GetProperty("name").GetString()!;

    public string DiagPath => Path.Combine(Root, Name, "_diag");

    public JsonElement Expected { get; private init; }

    public static TheoryData<string> All => [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public static Scenario Load(string name)
    {
        var diag = Path.Combine(Root, name, "_diag");
        var listener = Directory.GetFiles(diag, "Runner_*").Single();
        var worker = Directory.GetFiles(diag, "Worker_*").Single();
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, name, "expected.json")));
        return new Scenario(name, Path.GetFileName(listener), File.ReadAllText(listener), Path.GetFileName(worker), File.ReadAllText(worker))
        {
            Expected = expected.RootElement.Clone(),
        };
    }

    public List<DiagEvent> Read() => Read(new MemoryLog((ListenerPage, Listener)), new MemoryLog((WorkerPage, Worker)));

    public static List<DiagEvent> Read(MemoryLog listener, MemoryLog worker) => new MemoryFolder().With(listener).With(worker).ReadOnce();

    /// <summary>Both logs as if the runner had run that much later.</summary>
    public Scenario Later(TimeSpan by)
    {
        string Shift(string text) => LogTime.Replace(text, by);
        return this with { ListenerPage = Shift(ListenerPage), Listener = Shift(Listener), WorkerPage = Shift(WorkerPage), Worker = Shift(Worker) };
    }
}
