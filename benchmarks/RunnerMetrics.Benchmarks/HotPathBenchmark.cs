using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using RunnerMetrics.Automation.Instruments;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What it costs to record with the automation library's collectors: an increment, a labelled increment and a timed section, beside
/// <c>System.Diagnostics.Metrics</c>' own counter and histogram. Both are heard by the same listener: first by one that does the least that keeps what it
/// hears (sums, and counts in the same buckets), then by OpenTelemetry's, with a scrape every 100 ms. Each takes its turn, several times; the median counts.
/// </summary>
internal static class HotPathBenchmark
{
    private const int Turns = 11;
    private const int PerTurn = 2_000_000;

    public static async Task<int> RunAsync()
    {
        foreach (var threads in new[] { 1, 2 })
        {
            await using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
            using var least = new LeastListener();
            Console.WriteLine($"{threads} thread(s), a listener that does the least");
            Report(services.GetRequiredService<IMeterFactory>(), threads);
        }

        foreach (var threads in new[] { 1, 2 })
        {
            using var server = MetricsServer.Start(new MetricsServerOptions { Port = 0 });
            using var stop = new CancellationTokenSource();
            var scrapes = ScrapeAsync(server.Address, stop.Token);
            Console.WriteLine($"{threads} thread(s), OpenTelemetry and a scrape every 100 ms");
            Report(server.Meters, threads);
            await stop.CancelAsync();
            Console.WriteLine($"  {await scrapes} scrapes");
        }

        return 0;
    }

    private static async Task<int> ScrapeAsync(Uri address, CancellationToken stop)
    {
        using var client = new HttpClient();
        for (var scrapes = 0; ; scrapes++)
        {
            try
            {
                await client.GetStringAsync(address, stop);
                await Task.Delay(100, stop);
            }
            catch (OperationCanceledException)
            {
                return scrapes;
            }
        }
    }

    private static void Report(IMeterFactory meters, int threads)
    {
        var watcher = new TestWatcherMetrics(meters);
        var meter = meters.Create(AutomationMeter.Name);
        var counter = meter.CreateCounter<long>("files");
        var byLabel = meter.CreateCounter<long>("tests");
        var histogram = meter.CreateHistogram(
            "duration", null, null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = AutomationMetricCatalog.ProcessingDuration.Buckets });
        (string Name, Action<int> Act)[] contestants =
        [
            ("increment", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    watcher.RecordFileProcessed();
                }
            }),
            ("  System.Diagnostics.Metrics", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    counter.Add(1);
                }
            }),
            ("increment by label", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    watcher.RecordTestRun(TestOutcome.Fail);
                }
            }),
            ("  System.Diagnostics.Metrics", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    byLabel.Add(1, new KeyValuePair<string, object?>("status", "fail"));
                }
            }),
            ("timed section", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    using var timer = watcher.TimeProcessing();
                }
            }),
            ("  System.Diagnostics.Metrics", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    var start = Stopwatch.GetTimestamp();
                    histogram.Record(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }),
            ("  two readings of the clock", count =>
            {
                for (var i = 0; i < count; i++)
                {
                    _ = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp());
                }
            }),
        ];
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

    private sealed class LeastListener : IDisposable
    {
        private static readonly double[] Bounds = [.. AutomationMetricCatalog.ProcessingDuration.Buckets];

        private readonly MeterListener _listener = new();
        private readonly Cell _plain = new();
        private readonly Cell[] _labelled = [new(), new(), new()];
        private readonly long[] _buckets = new long[Bounds.Length + 1];
        private double _sum;

        public LeastListener()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == AutomationMeter.Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, amount, tags, _) =>
                Interlocked.Add(ref (tags.Length == 0 ? _plain : _labelled[tags[0].Value is "pass" ? 0 : tags[0].Value is "fail" ? 1 : 2]).Value, amount));
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

        public void Dispose() => _listener.Dispose();

        private sealed class Cell
        {
            public long Value;
        }
    }
}
