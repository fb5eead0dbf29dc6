using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>A whole agent beside a _diag folder, on a clock that runs only while a test waits.</summary>
internal sealed class RunningAgent : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, FileStream> _held = [];
    private CancellationTokenSource _stop = new();
    private Task<int> _running = Task.FromResult(-1);

    public FakeCollector Collector { get; } = new();

    public MemoryLogger Log { get; } = new();

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 21, 0, 0, 10, TimeSpan.Zero));

    public string Diag => _folder.File("_diag");

    public string Spool => _folder.File("spool");

    /// <summary>The name that the agent is given.</summary>
    public string? GivenName { get; init; } = Scenario.RunnerName;

    public int BatchSize { get; init; } = 500;

    /// <summary>Writes to a log as its process does, which holds it.</summary>
    public void Write(string page, string text)
    {
        Directory.CreateDirectory(Diag);
        if (!_held.TryGetValue(page, out var file))
        {
            // As actions/runner, HostTraceListener.cs opens it.
            _held.Add(page, file = new FileStream(Path.Combine(Diag, page), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 4096));
        }

        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush();
    }

    /// <summary>The process of a log is gone.</summary>
    public void Kill(string page)
    {
        _held[page].Dispose();
        _held.Remove(page);
    }

    public void WriteJob()
    {
        Write(LogFolder.WorkerPage, SmallLog.Worker());
        Write(LogFolder.ListenerPage, SmallLog.Listener());
    }

    public void Start(bool once = false)
    {
        var options = new AgentOptions
        {
            Diag = Diag,
            Spool = Spool,
            RunnerName = GivenName,
            RunnerType = "chrome",
            Collector = new Uri("http://127.0.0.1:9095"),
            Once = once,
        };
        _stop = new CancellationTokenSource();
        var delivery = new DeliveryOptions { BatchSize = BatchSize };
        _running = AgentRun.StartAsync(options, Log, Time, services => services.AddSingleton(Collector.Connect()).AddSingleton(delivery), _stop.Token);
    }

    /// <summary>Runs the agent once.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> OnceAsync()
    {
        Start(once: true);
        // Its time-out waits on the clock too, and must not pass while the agent works.
        await UntilAsync(() => _running.IsCompleted, "the agent ends", timeouts: 1);
        return await _running;
    }

    /// <summary>Ends the agent as a signal does.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        await UntilAsync(() => _running.IsCompleted, "the agent ends");
        return await _running;
    }

    /// <summary>Lets the clock run until something is so. It stands while no more timers than <paramref name="timeouts"/> wait on it: then the agent works.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what, int timeouts = 0)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(waited.Elapsed < Patience.Limit, $"Waited in vain for this: {what}. The agent says: {string.Join(" | ", Log.Lines)}");
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            if (Time.Waiting > timeouts)
            {
                await Time.AdvanceAsync(TimeSpan.FromSeconds(1), isSo);
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Lets that much time pass, and the agent look at its files in it.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        var end = Time.GetUtcNow() + time;
        await UntilAsync(() => Time.GetUtcNow() >= end, "time passes");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await UntilAsync(() => _running.IsCompleted, "the agent ends");
        _stop.Dispose();
        _held.Keys.ToList().ForEach(Kill);
        _folder.Dispose();
    }
}
