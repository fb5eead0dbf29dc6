using RunnerMetrics.Testing;

namespace RunnerMetrics.Metrics.Tests;

public sealed class RecorderTests : IDisposable
{
    private readonly MetricRegistry _registry = new();
    private readonly ConcurrentCounter _counter;
    private readonly ConcurrentCounter _other;
    private readonly ConcurrentGauge _gauge;
    private readonly ConcurrentHistogram _histogram;

    public RecorderTests()
    {
        var recorder = _registry.Recorder;
        _counter = recorder.For(_registry.Add(new MetricDescriptor("c_total", MetricType.Counter, [], "Help.")).AddCounter(Labels.None));
        _other = recorder.For(_registry.Add(new MetricDescriptor("d_total", MetricType.Counter, [], "Help.")).AddCounter(Labels.None));
        _gauge = recorder.For(_registry.Add(new MetricDescriptor("g", MetricType.Gauge, [], "Help.")).AddGauge(Labels.None));
        _histogram = recorder.For(_registry.Add(new MetricDescriptor("h", MetricType.Histogram, [], "Help.") { Buckets = [1, 2] }).AddHistogram(Labels.None));
    }

    public void Dispose() => _registry.Dispose();

    private void Record(double observed, long amount = 1)
    {
        using var recording = _registry.Recorder.Begin();
        recording.Add(_counter, amount);
        recording.Change(_gauge, 3);
        recording.Observe(_histogram, observed);
        recording.Change(_gauge, -2);
        recording.Add(_other, amount);
    }

    [Fact]
    public void Snapshot_NothingRecorded_ShowsZero()
    {
        var scrape = Scraped.From(_registry);
        Assert.Equal((0, 0, 0, 0), (scrape["c_total"], scrape["g"], scrape["h_count"], scrape["h_sum"]));
    }

    [Fact]
    public void Snapshot_ScrapeAfterScrape_ShowsAllThatWasRecordedOnce()
    {
        for (var i = 1; i <= 5; i++)
        {
            Record(1.5, i);
            Record(2);
            var scrape = Scraped.From(_registry);
            Assert.Equal((i * (i + 1) / 2) + i, scrape["c_total"]);
            Assert.Equal(2 * i, scrape["g"]);
            Assert.Equal((3.5 * i, 2 * i, 0), (scrape["h_sum"], scrape["h_bucket{le=\"2.0\"}"], scrape["h_bucket{le=\"1.0\"}"]));
            Assert.Equal(scrape.Text, Scraped.From(_registry).Text);
        }
    }

    [Fact]
    public void Add_NegativeAmount_IsRefusedAndTheRegistryGoesOn()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Record(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Record(double.NaN));

        Record(1);
        Assert.Equal(1, Scraped.From(_registry)["h_count"]);
    }

    [Fact]
    public async Task Snapshot_WhileManyThreadsRecord_IsOneMoment()
    {
        const int Threads = 8;
        const int Scrapes = 200;
        var enough = false;
        var writers = Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                var i = 0L;
                for (; !Volatile.Read(ref enough); i++)
                {
                    Record(i % 3);
                }

                return i;
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToArray();
        var last = 0.0;
        for (var i = 0; i < Scrapes; i++)
        {
            var scrape = Scraped.From(_registry);
            var count = scrape["c_total"]!.Value;
            Assert.Equal((count, count, count, count), (scrape["d_total"], scrape["g"], scrape["h_count"], scrape["h_bucket{le=\"+Inf\"}"]));
            Assert.True(count >= last, $"It went from {last} to {count}.");
            last = count;
        }

        Volatile.Write(ref enough, true);
        Assert.Equal((await Task.WhenAll(writers)).Sum(), Scraped.From(_registry)["c_total"]);
    }

    [Fact]
    public void Record_OnTheHotPath_AllocatesNothing()
    {
        Record(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            Record(1);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Share_SameName_IsMadeOnce()
    {
        var first = _registry.Share("x", static _ => new object());
        Assert.Same(first, _registry.Share("x", static _ => new object()));
        Assert.NotSame(first, _registry.Share("y", static _ => new object()));
        Assert.Throws<ArgumentException>(() => _registry.Share("x", static _ => ""));
    }

    [Fact]
    public void CappedSeries_PastTheLimit_GoesToOtherAndSaysSo()
    {
        using var registry = new MetricRegistry { MaxLabelSets = 3 };
        var family = registry.Add(new MetricDescriptor("c_total", MetricType.Counter, ["type"], "Help."));
        var series = new CappedSeries<ConcurrentCounter>(registry, type => registry.Recorder.For(family.AddCounter(Labels.Of(("type", type)))), "known");
        foreach (var type in new[] { "a", "b", "c", "a", "d", "", new string('x', 200), "known" })
        {
            using var recording = registry.Recorder.Begin();
            recording.Add(series.Get(type));
        }

        var scrape = Scraped.From(registry);
        Assert.Equal(
            (1, 2, 1, 4, 4),
            (scrape["c_total{type=\"known\"}"], scrape["c_total{type=\"a\"}"], scrape["c_total{type=\"b\"}"], scrape["c_total{type=\"other\"}"], scrape["runner_metrics_dropped_series_total"]));
        Assert.Equal(8, scrape.Sum("c_total"));
    }
}
