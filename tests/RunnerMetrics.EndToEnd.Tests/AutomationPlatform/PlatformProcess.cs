using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>One life of a process of the platform: every collector of the library, behind its own server.</summary>
internal sealed class PlatformProcess : IDisposable
{
    private readonly MetricsServer _server = MetricsServer.Start(new MetricsServerOptions { Port = 0 });
    // A new connection for each scrape: HttpListener closes idle ones, and on a busy machine a kept one can be reset in the middle of the next request.
    private readonly HttpClient _client = new PatientHttpClient { DefaultRequestHeaders = { ConnectionClose = true } };

    public PlatformProcess(TimeProvider clock)
    {
        ProcessMetrics.AddTo(_server.Meters);
        SystemMetrics.AddTo(_server.Meters, time: clock);
        StartedAt = clock.GetUtcNow();
        Watcher = new TestWatcherMetrics(_server.Meters, clock);
        Audits = new AuditAgentMetrics(_server.Meters, clock);
        Bridge = new SafeAsyncBridge(_server.Meters, time: clock);
        Apis = new Dictionary<string, ApiMetrics> { ["deepseek"] = new(_server.Meters, "deepseek"), ["perplexity"] = new(_server.Meters, "perplexity") };
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

    public Uri Address => _server.Address;

    public Task<string> ScrapeAsync(CancellationToken cancelled) => _client.GetStringAsync(Address, cancelled);

    public void Dispose()
    {
        Bridge.Dispose();
        _server.Dispose();
        _client.Dispose();
    }
}
