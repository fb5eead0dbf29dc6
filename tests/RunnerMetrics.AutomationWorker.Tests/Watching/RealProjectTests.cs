using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.AutomationWorker.Auditing;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Tests.Support;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Watching;

/// <summary>The whole worker beside a real .NET test project, an API that is in, and a real Prometheus that says what it scraped.</summary>
public sealed class RealProjectTests : IAsyncLifetime
{
    private const string Key = "sk-never-to-be-seen";

    private readonly CalculatorProject _project = new();
    private readonly TemporaryFolder _secrets = new();
    private readonly HeardLog _log = new();
    private StandInApi _api = null!;
    private AutomationWorkerHost _worker = null!;
    private PrometheusServer _prometheus = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        PrometheusServer.SkipWhereMissing();
        _api = await StandInApi.StartAsync();
        _worker = await AutomationWorkerHost.StartAsync(
            new WorkerOptions
            {
                HttpPort = 0,
                Watch = new WatchOptions
                {
                    Folder = _project.Path,
                    TestCommand = ["/bin/sh", "test.sh"],
                    Results = "TestResults/*.trx",
                    Debounce = TimeSpan.FromSeconds(2),
                },
                Audit = new AuditOptions { Repository = RepositoryFolder.Path },
                Apis = [new ApiSettings("deepseek", _api.Address, "deepseek-chat", _secrets.Write("key", $"# the key\n{Key}\n"))],
            },
            _log,
            TimeProvider.System,
            Cancelled);
        _prometheus = await PrometheusServer.StartAsync(_worker.Address, Cancelled);
    }

    public async ValueTask DisposeAsync()
    {
        if (_prometheus is not null)
        {
            await _prometheus.DisposeAsync();
        }

        if (_worker is not null)
        {
            await _worker.DisposeAsync();
        }

        if (_api is not null)
        {
            await _api.DisposeAsync();
        }

        _project.Dispose();
        _secrets.Dispose();
    }

    [Fact]
    public async Task Worker_EditFailFixAndBurst_CountersSayExactlyThat()
    {
        await AssertCountsAsync(files: 0, passed: 0, failed: 0, runs: 0);
        Assert.Empty(await _prometheus.QueryAsync("deepseek_api_tokens_used_total", Cancelled));

        _project.Calculate("0 + 0");
        await AssertCountsAsync(files: 1, passed: 3, failed: 0, runs: 1);

        _project.Calculate("1");
        await AssertCountsAsync(files: 2, passed: 3, failed: 3, runs: 2);
        await AssertExplainedAsync();

        _project.Calculate("2 - 2");
        await AssertCountsAsync(files: 3, passed: 6, failed: 3, runs: 3);

        _project.Burst(1_000);
        await AssertCountsAsync(files: 1_003, passed: 9, failed: 3, runs: 4);

        await _prometheus.WaitForAsync(
            "sum(test_watcher_errors_total) + sum(test_watcher_changed_files_current) + sum(safe_async_bridge_pending_tasks) == 0", samples => samples.Count == 1, Cancelled);
        Assert.Equal(5, await _prometheus.ValueAsync("safe_async_bridge_calls_total", Cancelled)); // four runs of tests, one explanation
        Assert.Equal(1, await _prometheus.ValueAsync("audit_agent_runs_total{trigger=\"schedule\"}", Cancelled));
        using var client = new PatientHttpClient();
        Assert.Equal("watcher: ok\napi deepseek: ok\naudit: ok\n", await client.GetStringAsync(new Uri(_worker.Address, "/ready"), Cancelled));
    }

    // What the calculator's tests are: three that run, and one that is skipped.
    private async Task AssertCountsAsync(int files, int passed, int failed, int runs)
    {
        double? ran = runs > 0 ? runs : null; // OpenTelemetry's histograms are absent until their first observation
        (string Query, double? Value)[] expected =
        [
            ("test_watcher_files_processed_total", files),
            ("test_watcher_tests_run_total{status=\"pass\"}", passed),
            ("test_watcher_tests_run_total{status=\"fail\"}", failed),
            ("test_watcher_tests_run_total{status=\"error\"}", 0),
            ("test_watcher_test_execution_duration_seconds_count", ran),
            ("test_watcher_processing_duration_seconds_count", ran),
            ("test_watcher_debounce_duration_seconds_count", ran),
        ];
        for (var end = TimeProvider.System.GetUtcNow() + Patience.Limit; ;)
        {
            List<double?> values = [];
            foreach (var (query, _) in expected)
            {
                var samples = await _prometheus.QueryAsync(query, Cancelled);
                values.Add(samples.Count == 1 ? samples[0].Value : null);
            }

            if (values.SequenceEqual(expected.Select(e => e.Value)))
            {
                return;
            }

            var said = string.Join('\n', expected.Zip(values, (e, value) => $"{e.Query} is {value}, not {e.Value}"));
            Assert.True(values.Zip(expected).All(pair => pair.First is null || pair.First <= pair.Second.Value), $"{said}\n{_log.Text}"); // counters never come back
            Assert.True(TimeProvider.System.GetUtcNow() < end, $"{said}\n{_log.Text}");
            await Task.Delay(TimeSpan.FromMilliseconds(200), Cancelled);
        }
    }

    private async Task AssertExplainedAsync()
    {
        await _prometheus.WaitForAsync("deepseek_api_calls_total{status=\"success\"} == 1", samples => samples.Count == 1, Cancelled);
        Assert.Equal(1, await _prometheus.ValueAsync("test_watcher_api_calls_total{api=\"deepseek\",status=\"success\"}", Cancelled));
        Assert.Equal(46, await _prometheus.ValueAsync("sum(deepseek_api_tokens_used_total)", Cancelled));
        Assert.Equal($"Bearer {Key}", _api.Authorization);
        Assert.Contains("of words", _log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, _log.Text, StringComparison.Ordinal);
    }
}
