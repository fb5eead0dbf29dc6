using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Prometheus;

/// <summary>An exporter, and a real agent beside the files of each real runner, named after its scenario. Each listener lives: it holds its log.</summary>
internal sealed class RecordedFleet : IAsyncDisposable
{
    private static readonly string Fixtures = Path.Combine(AppContext.BaseDirectory, "Fixtures", "runner-diag");

    private readonly WebApplication _exporter;
    private readonly TemporaryFolder _folder = new();
    private readonly List<FileStream> _listeners = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task<int>> _agents = [];

    private RecordedFleet(WebApplication exporter)
    {
        _exporter = exporter;
        Http = new Uri(exporter.Urls.First());
    }

    public Uri Http { get; }

    public IReadOnlyList<Recording> Recordings { get; } =
        [.. Directory.EnumerateFiles(Fixtures, "expected.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Recording.Load)];

    public static async Task<RecordedFleet> StartAsync(CancellationToken cancelled)
    {
        // An hour after the recordings, whenever the test runs.
        var time = new OffsetTimeProvider(new DateTimeOffset(2026, 11, 21, 1, 30, 0, TimeSpan.Zero));
        var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, time, builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(cancelled);
        var fleet = new RecordedFleet(exporter);
        var collector = new Uri(exporter.Urls.Last());
        foreach (var recording in fleet.Recordings)
        {
            var options = new AgentOptions
            {
                Diag = fleet.Revive(recording),
                Spool = Path.Combine(fleet._folder.Path, recording.Scenario, "spool"),
                RunnerName = recording.Runner,
                RunnerType = "standard",
                Collector = collector,
                PollInterval = TimeSpan.FromMilliseconds(50),
                HeartbeatInterval = TimeSpan.FromSeconds(1),
            };
            fleet._agents.Add(Task.Run(() => AgentApplication.RunAsync(options, NullLoggerFactory.Instance, time, fleet._stop.Token), cancelled));
        }

        return fleet;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_agents);
        await _exporter.StopAsync(CancellationToken.None);
        await _exporter.DisposeAsync();
        _stop.Dispose();
        _listeners.ForEach(listener => listener.Dispose());
        _folder.Dispose();
    }

    // A copy of the recorded folder, whose last listener's log is open as that process had it.
    private string Revive(Recording recording)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder.Path, recording.Scenario, "_diag"));
        foreach (var file in Directory.EnumerateFiles(recording.Diag))
        {
            // All were recorded on one runner, whose settings are in its log.
            File.WriteAllText(
                Path.Combine(copy.FullName, Path.GetFileName(file)),
                File.ReadAllText(file).Replace("\"AgentName\": \"mock-runner-1\"", $"\"AgentName\": \"{recording.Runner}\"", StringComparison.Ordinal));
        }

        var log = Directory.EnumerateFiles(copy.FullName, "Runner_*.log").Max(StringComparer.Ordinal)!;
        _listeners.Add(new FileStream(log, FileMode.Append, FileAccess.Write, FileShare.Read));
        return copy.FullName;
    }
}
