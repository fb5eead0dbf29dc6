using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What it costs to record: an increment, a labelled increment and a timed section, beside <c>System.Diagnostics.Metrics</c>' own counter and histogram with a
/// listener that does the least that keeps what it hears: sums, and counts in the same buckets. Each takes its turn, several times; the median counts.
/// </summary>
internal static class HotPathBenchmark
{
    private const int Turns = 11;
    private const int PerTurn = 2_000_000;

    public static int Run()
    {
        using var registry = new MetricRegistry();
        var watcher = new TestWatcherMetrics(registry);
        using var yardstick = new Yardstick();
        (string Name, Action<int> Act)[] contestants =
        [
            ("increment", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    watcher.RecordFileProcessed();
                }
            }),
            ("  System.Diagnostics.Metrics", yardstick.Increment),
            ("increment by label", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    watcher.RecordTestRun(TestOutcome.Fail);
                }
            }),
            ("  System.Diagnostics.Metrics", yardstick.IncrementByLabel),
            ("timed section", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    using var timer = watcher.TimeProcessing();
                }
            }),
            ("  System.Diagnostics.Metrics", yardstick.Time),
            ("  two readings of the clock", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    _ = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp());
                }
            }),
        ];
        foreach (var threads in new[] { 1, 2 })
        {
            Console.WriteLine($"{threads} thread(s), a scrape every 100 ms");
            Report(registry, contestants, threads);
        }

        return 0;
    }

    private static void Report(MetricRegistry registry, (string Name, Action<int> Act)[] contestants, int threads)
    {
        using var stop = new CancellationTokenSource();
        var scrapes = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                registry.Snapshot(ExpositionFormat.Text).Dispose();
                await Task.Delay(100);
            }
        });
        var times = contestants.Select(_ => new List<double>()).ToArray();
        var allocated = new long[contestants.Length];
        for (var turn = -3; turn < Turns; turn++)
        {
            for (var c = 0; c < contestants.Length; c++)
            {
                var (nanoseconds, bytes) = Measure(contestants[c].Act, threads);
                if (turn >= 0)
                {
                    times[c].Add(nanoseconds);
                    allocated[c] += bytes;
                }
            }
        }

        stop.Cancel();
        scrapes.Wait();
        for (var c = 0; c < contestants.Length; c++)
        {
            times[c].Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {contestants[c].Name,-30} {times[c][Turns / 2],6:F1} ns ({times[c][0]:F1} to {times[c][^1]:F1}), {allocated[c]} bytes allocated"));
        }
    }

    // Bytes are counted on the threads that record: what a scrape allocates is not theirs.
    private static (double Nanoseconds, long Bytes) Measure(Action<int> act, int threads)
    {
        var bytes = 0L;
        var slowest = 0L;
        using var together = new Barrier(threads);
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            together.SignalAndWait();
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            act(PerTurn);
            var took = Stopwatch.GetTimestamp() - start;
            Interlocked.Add(ref bytes, GC.GetAllocatedBytesForCurrentThread() - before);
            InterlockedMax(ref slowest, took);
        })).ToArray();
        Array.ForEach(workers, worker => worker.Start());
        Array.ForEach(workers, worker => worker.Join());
        return (Stopwatch.GetElapsedTime(0, slowest).TotalNanoseconds / PerTurn, bytes);
    }

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen;)
        {
            var now = Interlocked.CompareExchange(ref most, value, seen);
            if (now == seen)
            {
                return;
            }

            seen = now;
        }
    }

    private sealed class Yardstick : IDisposable
    {
        private static readonly double[] Bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800];

        private readonly Meter _meter = new("benchmark");
        private readonly MeterListener _listener = new();
        private readonly Counter<long> _counter;
        private readonly Histogram<double> _histogram;
        private readonly Cell _files = new();
        private readonly Cell[] _tests = [new(), new(), new()];
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private double _sum;

        public Yardstick()
        {
            _counter = _meter.CreateCounter<long>("files");
            _histogram = _meter.CreateHistogram<double>("duration");
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter == _meter)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, amount, tags, _) =>
                Interlocked.Add(ref (tags.Length == 0 ? _files : _tests[tags[0].Value is "pass" ? 0 : tags[0].Value is "fail" ? 1 : 2]).Value, amount));
            _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) =>
            {
                var bucket = 0;
                while (bucket < Bounds.Length && seconds > Bounds[bucket])
                {
                    bucket++;
                }

                Interlocked.Increment(ref _buckets[bucket]);
                double sum;
                do
                {
                    sum = Volatile.Read(ref _sum);
                }
                while (!Interlocked.CompareExchange(ref _sum, sum + seconds, sum).Equals(sum));
            });
            _listener.Start();
        }

        public void Increment(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _counter.Add(1);
            }
        }

        public void IncrementByLabel(int count)
        {
            for (var i = 0; i < count; i++)
            {
                _counter.Add(1, new KeyValuePair<string, object?>("status", "fail"));
            }
        }

        public void Time(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var start = Stopwatch.GetTimestamp();
                _histogram.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            _meter.Dispose();
        }

        private sealed class Cell
        {
            public long Value;
        }
    }
}
