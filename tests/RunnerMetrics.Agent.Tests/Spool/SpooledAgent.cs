using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Tests.Diagnostics;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>An agent beside a _diag folder, with a disk of the test's own, on a clock that runs only while a test waits.</summary>
internal sealed class SpooledAgent : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private CancellationTokenSource _stop = new();
    private FileStream? _listener;
    private Task<int> _running = Task.FromResult(0);

    public SpooledAgent() => Disk = new FaultyFolder(PowerCut);

    public PowerCutFolder PowerCut { get; } = new();

    public FaultyFolder Disk { get; }

    public SpoolCollector Collector { get; } = new();

    public SpoolLogger Log { get; } = new();

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 21, 1, 0, 0, TimeSpan.Zero));

    public bool HasEnded => _running.IsCompleted;

    public string Hooks => Path.Combine(_folder.Path, "hooks");

    private string Diag => Path.Combine(_folder.Path, "_diag");

    /// <summary>Writes what a real runner wrote for a job, and two events are made of. Its listener lives on, and holds its log.</summary>
    public void WriteJob(int hoursLater = 0)
    {
        Directory.CreateDirectory(Diag);
        var scenario = Scenario.Load("ok").Later(TimeSpan.FromHours(hoursLater));
        File.WriteAllText(Path.Combine(Diag, scenario.WorkerPage), scenario.Worker);
        _listener?.Dispose();
        _listener = new FileStream(Path.Combine(Diag, scenario.ListenerPage), FileMode.Create, FileAccess.Write, FileShare.Read);
        _listener.Write(Encoding.UTF8.GetBytes(scenario.Listener));
        _listener.Flush();
    }

    public void Start(bool once = false)
    {
        var options = new AgentOptions
        {
            Diag = Diag,
            Hooks = Hooks,
            Spool = "unused",
            RunnerName = Scenario.RunnerName,
            RunnerType = "standard",
            Collector = new Uri("http://127.0.0.1:9095"),
            Once = once,
        };
        _stop = new CancellationTokenSource();
        _running = AgentRun.StartAsync(options, Log, Time, services => services.AddSingleton<IStorageFolder>(Disk).AddSingleton<IEventSender>(Collector), _stop.Token);
    }

    public async Task<int> OnceAsync()
    {
        Start(once: true);
        // Its time-out waits on the clock too, and must not pass while the agent works.
        await UntilAsync(() => HasEnded, "the agent ends", timeouts: 1);
        return await _running;
    }

    public void TellToEnd() => _stop.Cancel();

    public async Task<int> EndAsync()
    {
        TellToEnd();
        await UntilAsync(() => HasEnded, "the agent ends");
        return await _running;
    }

    /// <summary>Lets the clock run until something is so. It stands while no more timers than <paramref name="timeouts"/> wait on it: then the agent works.</summary>
    public async Task UntilAsync(Func<bool> isSo, string what, double step = 1, int timeouts = 0)
    {
        var waited = Stopwatch.StartNew();
        while (!isSo())
        {
            Assert.True(waited.Elapsed < Patience.Limit, $"Waited in vain for this: {what}. The agent says: {string.Join(" | ", Log.Lines)}");
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            if (Time.Waiting > timeouts)
            {
                await Time.AdvanceAsync(TimeSpan.FromSeconds(step), isSo);
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        var waited = Stopwatch.StartNew();
        while (!HasEnded && waited.Elapsed < Patience.Limit)
        {
            await Time.AdvanceAsync(TimeSpan.FromSeconds(1), () => HasEnded);
            await Task.Delay(1);
        }

        _stop.Dispose();
        _listener?.Dispose();
        _folder.Dispose();
    }
}
