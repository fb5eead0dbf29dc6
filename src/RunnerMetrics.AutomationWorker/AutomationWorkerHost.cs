using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Auditing;
using RunnerMetrics.Automation.Bridging;
using RunnerMetrics.Automation.Machine;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.AutomationWorker.Endpoints;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.AutomationWorker;

/// <summary>A worker that runs: its parts, and what lets them be scraped.</summary>
internal sealed class AutomationWorkerHost : IAsyncDisposable
{
    private readonly MetricRegistry _registry = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ComponentCheck> _checks = [];
    private SafeAsyncBridge? _bridge;
    private Explainer? _explainer;
    private TestWatcher? _watcher;
    private AuditAgent? _audit;
    private Task _audits = Task.CompletedTask;
    private MetricsServer? _server;

    private AutomationWorkerHost()
    {
    }

    /// <summary>Where the metrics are.</summary>
    public Uri Address => _server!.Address;

    /// <summary>Starts a worker.</summary>
    /// <exception cref="IOException">The port is taken, or a folder or file cannot be read.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not one of this machine's.</exception>
    public static async Task<AutomationWorkerHost> StartAsync(WorkerOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancelled)
    {
        var worker = new AutomationWorkerHost();
        try
        {
            await worker.BeginAsync(options, logs, time, cancelled);
            return worker;
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _watcher?.Dispose();
        await _audits;
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_bridge is not null)
        {
            await _bridge.DisposeAsync(); // a test run is ended with all that it started
        }

        _explainer?.Dispose();
        _audit?.Dispose();
        _registry.Dispose();
        _stop.Dispose();
    }

    private async Task BeginAsync(WorkerOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancelled)
    {
        if (options.Watch is { } watch)
        {
            AddWatcher(watch, options.Apis, logs, time);
        }

        if (options.Audit is { } audit)
        {
            _audit = new AuditAgent(audit, new AuditAgentMetrics(_registry, time), time, logs.CreateLogger<AuditAgent>());
            _checks.Add(new ComponentCheck("audit", _ => Task.FromResult(_audit.Problem)));
        }

        SystemMetrics.AddTo(_registry, options.Watch?.Folder ?? options.Audit?.Repository);
        ProcessMetrics.AddTo(_registry);
        _server = await MetricsServer.StartAsync(
            _registry, new MetricsServerOptions { Port = options.HttpPort, Address = options.Bind }, endpoints => endpoints.MapWorker(_checks, _audit, time), cancelled);

        // Now that a scrape can see every counter at 0, they may begin to count.
        _watcher?.Start();
        _audits = _audit?.RunAsync(_stop.Token) ?? Task.CompletedTask;
        WorkerLog.Ready(logs.CreateLogger<AutomationWorkerHost>(), Address);
    }

    private void AddWatcher(WatchOptions watch, IReadOnlyList<ApiSettings> apis, ILoggerFactory logs, TimeProvider time)
    {
        var log = logs.CreateLogger<TestWatcher>();
        _bridge = new SafeAsyncBridge(_registry, new SafeAsyncBridgeOptions { Loops = 1, MaxConcurrency = 4 }, time);
        if (apis.Count > 0)
        {
            List<ChatApi> chats = [.. apis.Select(api => new ChatApi(api, new ApiMetrics(_registry, api.Name), time))];
            _explainer = new Explainer(chats);
            _checks.AddRange(chats.Select(api => new ComponentCheck($"api {api.Name}", api.CheckAsync)));
        }

        _watcher = new TestWatcher(watch, new TestWatcherMetrics(_registry, time), _bridge, _explainer, time, log);
        _checks.Insert(0, new ComponentCheck("watcher", _ => Task.FromResult(_watcher.Problem)));
        WorkerLog.Watching(log, watch.Folder, string.Join(' ', watch.TestCommand));
    }
}
