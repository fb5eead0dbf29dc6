using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
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

namespace RunnerMetrics.AutomationWorker;

/// <summary>A worker that runs: its parts, and what lets them be scraped.</summary>
internal sealed class AutomationWorkerHost : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly IMeterFactory _meters;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<ComponentCheck> _checks = [];
    private SafeAsyncBridge? _bridge;
    private Explainer? _explainer;
    private TestWatcher? _watcher;
    private AuditAgent? _audit;
    private Task _audits = Task.CompletedTask;

    private AutomationWorkerHost(WorkerOptions options)
    {
        _server = BuildServer(options);
        _server.MapPrometheusMetrics();
        _meters = _server.Services.GetRequiredService<IMeterFactory>();
    }

    /// <summary>Where the metrics are.</summary>
    public Uri Address => new(new Uri(_server.Urls.First()), "/metrics");

    /// <summary>Starts a worker.</summary>
    /// <exception cref="IOException">The port is taken, or a folder or file cannot be read.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not one of this machine's.</exception>
    public static async Task<AutomationWorkerHost> StartAsync(WorkerOptions options, ILoggerFactory logs, TimeProvider time, CancellationToken cancelled)
    {
        var worker = new AutomationWorkerHost(options);
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
        await _server.StopAsync();
        if (_bridge is not null)
        {
            await _bridge.DisposeAsync(); // a test run is ended with all that it started
        }

        _explainer?.Dispose();
        _audit?.Dispose();
        await _server.DisposeAsync();
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
            _audit = new AuditAgent(audit, new AuditAgentMetrics(_meters, time), time, logs.CreateLogger<AuditAgent>());
            _checks.Add(new ComponentCheck("audit", _ => Task.FromResult(_audit.Problem)));
        }

        SystemMetrics.AddTo(_meters, options.Watch?.Folder ?? options.Audit?.Repository);
        ProcessMetrics.AddTo(_meters);
        _server.MapWorker(_checks, _audit, time);
        await _server.StartAsync(cancelled);

        // Now that a scrape can see every counter at 0, they may begin to count.
        _watcher?.Start();
        _audits = _audit?.RunAsync(_stop.Token) ?? Task.CompletedTask;
        WorkerLog.Ready(logs.CreateLogger<AutomationWorkerHost>(), Address);
    }

    // Independent of the environment's settings for ASP.NET Core, and without its log.
    private static WebApplication BuildServer(WorkerOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(new IPEndPoint(options.Bind, options.HttpPort), listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore().AddAutomationMetrics();
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 })
        {
            builder.Configuration.AddEnvironmentVariables(); // where OpenTelemetry looks for its own
            builder.Services.ConfigureOpenTelemetryMeterProvider(metrics => metrics.ConfigureResource(resource => resource.AddService(WorkerCommand.Program)).AddOtlpExporter());
        }

        return builder.Build();
    }

    private void AddWatcher(WatchOptions watch, IReadOnlyList<ApiSettings> apis, ILoggerFactory logs, TimeProvider time)
    {
        var log = logs.CreateLogger<TestWatcher>();
        _bridge = new SafeAsyncBridge(_meters, new SafeAsyncBridgeOptions { Loops = 1, MaxConcurrency = 4 }, time);
        if (apis.Count > 0)
        {
            List<ChatApi> chats = [.. apis.Select(api => new ChatApi(api, new ApiMetrics(_meters, api.Name), time))];
            _explainer = new Explainer(chats);
            _checks.AddRange(chats.Select(api => new ComponentCheck($"api {api.Name}", api.CheckAsync)));
        }

        _watcher = new TestWatcher(watch, new TestWatcherMetrics(_meters, time), _bridge, _explainer, time, log);
        _checks.Insert(0, new ComponentCheck("watcher", _ => Task.FromResult(_watcher.Problem)));
        WorkerLog.Watching(log, watch.Folder, string.Join(' ', watch.TestCommand));
    }
}
