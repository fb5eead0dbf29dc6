using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>One life of a process of the platform: every collector of the library, on one registry, behind its own server.</summary>
internal sealed class PlatformProcess : IAsyncDisposable
{
    private readonly MetricRegistry _registry = new();
    private readonly HttpClient _client = new();
    private MetricsServer? _server;

    private PlatformProcess(TimeProvider clock)
    {
        ProcessMetrics.AddTo(_registry);
        SystemMetrics.AddTo(_registry, time: clock);
        StartedAt = clock.GetUtcNow();
        Watcher = new TestWatcherMetrics(_registry, clock);
        Audits = new AuditAgentMetrics(_registry, clock);
        Bridge = new SafeAsyncBridge(_registry, time: clock);
        Apis = new Dictionary<string, ApiMetrics> { ["deepseek"] = new(_registry, "deepseek"), ["perplexity"] = new(_registry, "perplexity") };
        foreach (var api in Apis.Keys)
        {
            Watcher.ExpectCallsTo(api);
        }
    }

    public DateTimeOffset StartedAt { get; }

    public TestWatcherMetrics Watcher { get; }

    public AuditAgentMetrics Audits { get; }

    public SafeAsyncBridge Bridge { get; }

    public IReadOnlyDictionary<string, ApiMetrics> Apis { get; }

    public Uri Address => _server!.Address;

    public static async Task<PlatformProcess> StartAsync(TimeProvider clock, CancellationToken cancelled)
    {
        var process = new PlatformProcess(clock);
        process._server = await MetricsServer.StartAsync(process._registry, new MetricsServerOptions { Port = 0 }, cancellation: cancelled);
        return process;
    }

    public Task<string> ScrapeAsync(CancellationToken cancelled) => _client.GetStringAsync(Address, cancelled);

    public async ValueTask DisposeAsync()
    {
        Bridge.Dispose();
        await _server!.DisposeAsync();
        _client.Dispose();
        _registry.Dispose();
    }
}
