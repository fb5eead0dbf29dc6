using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Tests.Running;
using RunnerMetrics.Testing;

[assembly: AssemblyFixture(typeof(RunningProcesses))]

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The stack as processes, started once for all tests of it: exporter, runners and agents from this build, with the Prometheus of this machine where it has one.</summary>
public sealed class RunningProcesses : IAsyncDisposable
{
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private DistributedApplication? _app;
    private TraceReceiver? _traces;

    private static readonly string[] Runners = ["standard-1", "chrome-1", "chrome-go-1"];

    internal DistributedApplication App => _app!;

    internal TraceReceiver Traces => _traces!;

    internal static bool HasPrometheus { get; } = LocalPrograms.Find(Environment.GetEnvironmentVariable("PATH") ?? "").ContainsKey("prometheus");

    /// <summary>Starts it, the first time, and waits until all of it is healthy; a runner that a test before ended is started again.</summary>
    internal async Task ReadyAsync()
    {
        var cancelled = TestContext.Current.CancellationToken;
        await _gate.WaitAsync(cancelled);
        try
        {
            if (_app is null)
            {
                _traces = await TraceReceiver.StartAsync();
                var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.RunnerMetrics_AppHost>(
                    ["--Stack=processes", "--KeepData=false", "--Speed=100", $"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL={_traces.Url}"], cancelled);
                _app = await builder.BuildAsync(cancelled);
                await _app.StartAsync(cancelled);
            }
        }
        finally
        {
            _gate.Release();
        }

        // All at once: a runner is healthy only while its agent runs.
        string[] monitoring = HasPrometheus ? ["prometheus"] : [];
        await Task.WhenAll(((string[])["github", "exporter", .. Runners, .. Runners.Select(runner => $"{runner}-agent"), .. monitoring]).Select(ReadyAsync));
    }

    // A port that Aspire chose may go to somebody else's connection while its program is away: then the program ends again, and is started once more.
    private async Task ReadyAsync(string name)
    {
        var starts = 0;
        await Wait.UntilAsync(
            async () =>
            {
                if (!Until.HasEnded(App, name))
                {
                    return Until.IsHealthy(App, name);
                }

                if (starts++ > 0)
                {
                    var state = await Until.DescribeAsync(App, name);
                    Assert.True(state.Contains("already in use", StringComparison.OrdinalIgnoreCase), $"Started again, it ended. {state}");
                }

                await RunCommandAsync(name, KnownResourceCommands.StartCommand);
                return false;
            },
            () => DescribeAsync(name),
            TestContext.Current.CancellationToken);
    }

    // A runner is healthy by what its agent reports.
    private async Task<string> DescribeAsync(string name) =>
        $"{(Runners.Contains(name) ? $"{await DescribeAsync($"{name}-agent")}\n" : "")}{await Until.DescribeAsync(App, name)}\nOf it run: {string.Join(", ", ProgramsOf(name))}";

    private IEnumerable<string> ProgramsOf(string name) =>
        OperatingSystem.IsLinux() && FindProcessOf(name) is { } root ? ProgramTree.Under(root).Select(program => $"{program.ProcessName} ({program.Id})") : ["unknown"];

    private int? FindProcessOf(string name) =>
        App.ResourceNotifications.TryGetCurrentState(name, out var current) && current.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } id
            ? Convert.ToInt32(id, CultureInfo.InvariantCulture)
            : null;

    internal int ProcessOf(string name) => FindProcessOf(name) ?? throw new InvalidOperationException($"{name} has no process.");

    internal async Task<string> RunCommandAsync(string name, string command, params InteractionInput[] arguments)
    {
        var result = await TryCommandAsync(name, command, arguments);
        Assert.True(result.Success, $"{command} of {name}: {result.Message}");
        return result.Message ?? "";
    }

    internal Task<ExecuteCommandResult> TryCommandAsync(string name, string command, params InteractionInput[] arguments)
    {
        var resource = App.Services.GetRequiredService<DistributedApplicationModel>().Resources.Single(resource => resource.Name == name);
        return App.ResourceCommands.ExecuteCommandAsync(resource, command, new InteractionInputCollection(arguments), TestContext.Current.CancellationToken);
    }

    /// <summary>A counter of the exporter's, summed; null if it has no series.</summary>
    internal async Task<double?> CountAsync(string family, params string[] labels)
    {
        using var exporter = App.CreateHttpClient("exporter", "http");
        var values = Scraped.Of(await exporter.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken)).Samples
            .Where(sample => sample.Key.StartsWith(family + "{", StringComparison.Ordinal) && labels.All(label => sample.Key.Contains(label, StringComparison.Ordinal)))
            .Select(sample => sample.Value).ToList();
        return values.Count == 0 ? null : values.Sum();
    }

    /// <summary>What Prometheus answers.</summary>
    internal async Task<JsonArray> AskPrometheusAsync(string expression)
    {
        using var prometheus = App.CreateHttpClient("prometheus", "http");
        var answer = await prometheus.GetStringAsync(new Uri($"/api/v1/query?query={Uri.EscapeDataString(expression)}", UriKind.Relative), TestContext.Current.CancellationToken);
        return JsonNode.Parse(answer)!["data"]!["result"]!.AsArray();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            try
            {
                await _app.DisposeAsync().AsTask().WaitAsync(EndsWithin);
                if (OperatingSystem.IsLinux())
                {
                    await new StackRemains(Environment.ProcessId).RemoveAsync();
                }
            }
            catch (TimeoutException)
            {
                // Seen once after a whole run, with everything still running. What Aspire started watches this process, and ends with it.
                await Console.Error.WriteLineAsync($"The stack of processes did not end within {EndsWithin.TotalSeconds:F0} s; it ends with these tests.");
            }

            await _traces!.DisposeAsync();
        }

        _gate.Dispose();
    }
}
