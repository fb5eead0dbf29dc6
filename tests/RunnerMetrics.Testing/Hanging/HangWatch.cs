using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Testing.Platform.Builder;
using Microsoft.Testing.Platform.Extensions;
using Microsoft.Testing.Platform.Extensions.Messages;

namespace RunnerMetrics.Testing;

/// <summary>
/// Ends a module whose tests stand still, or that is told to end by SIGTERM, which a host inside it would take for itself: says where it stood, ends what it started, and
/// leaves no exit code of success. In every module, by <c>tests/Directory.Build.props</c>.
/// </summary>
public sealed class HangWatch : IDataConsumer
{
    /// <summary>For how long no test may start or end, in seconds, once one has; longer than any test waits for anything.</summary>
    public const string Variable = "RUNNER_METRICS_HANG_AFTER";

    private static readonly TimeSpan Default = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (string Name, long Began)> _running = new();
    private readonly TimeSpan _limit;
    private readonly PosixSignalRegistration _terminated;
    private long _last = Stopwatch.GetTimestamp();
    private bool _hasBegun;
    private int _count;

    private HangWatch()
    {
        _limit = int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : Default;
        _terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => End("was told to end"));

        // Not of the thread pool: where that is what stands still, somebody has to notice.
        new Thread(Watch) { IsBackground = true, Name = nameof(HangWatch) }.Start();
    }

    public string Uid => nameof(HangWatch);

    public string Version => "1";

    public string DisplayName => "Hang watch";

    public string Description => "Ends a module whose tests stand still.";

    public Type[] DataTypesConsumed => [typeof(TestNodeUpdateMessage)];

    /// <summary>Called by the entry point that the test platform generates.</summary>
    public static void AddExtensions(ITestApplicationBuilder builder, string[] _) => builder.TestHost.AddDataConsumer(_ => new HangWatch());

    public Task<bool> IsEnabledAsync() => Task.FromResult(true);

    public Task ConsumeAsync(IDataProducer dataProducer, IData value, CancellationToken cancellationToken)
    {
        var test = ((TestNodeUpdateMessage)value).TestNode;
        Volatile.Write(ref _last, Stopwatch.GetTimestamp());
        Volatile.Write(ref _hasBegun, true);
        if (test.Properties.Any<InProgressTestNodeStateProperty>())
        {
            _running[test.Uid.Value] = (test.DisplayName, Stopwatch.GetTimestamp());
        }
        else if (_running.TryRemove(test.Uid.Value, out _))
        {
            Interlocked.Increment(ref _count);
        }

        return Task.CompletedTask;
    }

    // Until the process is gone: a module may stand still before its first test and behind its last one too.
    private void Watch()
    {
        while (Stopwatch.GetElapsedTime(Volatile.Read(ref _last)) < (Volatile.Read(ref _hasBegun) ? _limit : Default))
        {
#pragma warning disable RS0030 // A thread of its own, which has nothing to await.
            Thread.Sleep(TimeSpan.FromSeconds(1));
#pragma warning restore RS0030
        }

        End($"stands still: no test has started or ended for {Stopwatch.GetElapsedTime(Volatile.Read(ref _last)).TotalSeconds:F0} s");
    }

    private void End(string why)
    {
        var module = Assembly.GetEntryAssembly()!.GetName().Name;
        Console.Error.WriteLine($"{module} {why}. {_count} tests have ended; these have not:");
        foreach (var (name, began) in _running.Values.OrderBy(test => test.Began))
        {
            Console.Error.WriteLine($"  {name}, for {Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s");
        }

        Console.Error.WriteLine($"  Thread pool: {ThreadPool.ThreadCount} threads, {ThreadPool.PendingWorkItemCount} waiting. Programs that it started:");
        foreach (var child in ChildProcesses.Find(Environment.ProcessId))
        {
            Console.Error.WriteLine($"  {child.CommandLine}");
            child.Kill();
        }

        Console.Error.Flush();
        using var self = Process.GetCurrentProcess();
        self.Kill();
    }
}
