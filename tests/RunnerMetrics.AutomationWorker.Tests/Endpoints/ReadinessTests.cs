using System.Net;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.AutomationWorker.Endpoints;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Endpoints;

public sealed class ReadinessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HeardLog _log = new();
    private readonly HttpClient _client = new PatientHttpClient();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Run_ComponentThatNeverSays_IsNotReadyInTime()
    {
        var clock = new ManualTimeProvider();
        var check = new ComponentCheck("x", cancelled => new TaskCompletionSource<string?>().Task).RunAsync(TimeSpan.FromSeconds(3), clock, Cancelled);
        Assert.False(check.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal("did not answer within 3 s", await check);
        Assert.Equal("no", await new ComponentCheck("x", _ => throw new InvalidOperationException("no")).RunAsync(TimeSpan.FromSeconds(3), clock, Cancelled));
        Assert.Null(await new ComponentCheck("x", _ => Task.FromResult<string?>(null)).RunAsync(TimeSpan.FromSeconds(3), clock, Cancelled));
    }

    [Fact]
    public async Task Worker_AuditAndAnApiThatIsGone_IsAliveAndNotReady()
    {
        var api = await StandInApi.StartAsync();
        var address = api.Address;
        await api.DisposeAsync();
        await using var worker = await AutomationWorkerHost.StartAsync(
            new WorkerOptions
            {
                HttpPort = 0,
                Watch = new AutomationWorker.Watching.WatchOptions { Folder = _folder.Path, TestCommand = ["true"] },
                Audit = new AuditOptions { Repository = _folder.Path },
                Apis = [new ApiSettings("deepseek", address, "m", _folder.Write("key", "k"))],
            },
            _log,
            TimeProvider.System,
            Cancelled);
        Assert.Equal("OK\n", await _client.GetStringAsync(new Uri(worker.Address, "/health"), Cancelled));
        var text = "";
        await Wait.UntilAsync(
            async () =>
            {
                using var ready = await _client.GetAsync(new Uri(worker.Address, "/ready"), Cancelled);
                text = await ready.Content.ReadAsStringAsync(Cancelled);
                Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
                return text.StartsWith("watcher: ok\napi deepseek: Connection refused", StringComparison.Ordinal) && text.EndsWith("\naudit: ok\n", StringComparison.Ordinal);
            },
            () => text,
            Cancelled);

        using var asked = await _client.PostAsync(new Uri(worker.Address, "/audit"), null, Cancelled);
        Assert.Equal("new commits: not measured\nnew completion markers: 0\ncoverage: not measured\n", await asked.Content.ReadAsStringAsync(Cancelled));
        var scrape = await _client.GetStringAsync(worker.Address, Cancelled);
        Assert.Contains("audit_agent_runs_total{trigger=\"demand\"} 1\n", scrape, StringComparison.Ordinal);
        Assert.Contains("deepseek_api_calls_total{status=\"success\"} 0\n", scrape, StringComparison.Ordinal);
        Assert.DoesNotContain("perplexity", scrape, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Worker_AuditAlone_ShowsNothingOfAWatcher()
    {
        await using var worker = await AutomationWorkerHost.StartAsync(
            new WorkerOptions { HttpPort = 0, Audit = new AuditOptions { Repository = _folder.Path } }, _log, TimeProvider.System, Cancelled);

        Assert.DoesNotMatch("test_watcher|safe_async_bridge|_api_", await _client.GetStringAsync(worker.Address, Cancelled));
    }
}
