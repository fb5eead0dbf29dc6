using System.Globalization;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Metrics.Tests;

public sealed class MetricRegistryTests : IDisposable
{
    private readonly MetricRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private (MetricFamily Family, List<Counter> Counters) AddMany(int count)
    {
        var family = _registry.Add(new MetricDescriptor("c_total", MetricType.Counter, ["n"], "Help."));
        return (family, [.. Enumerable.Range(0, count).Select(i => family.AddCounter(Labels.Of(("n", Text(i)))))]);
    }

    private void AssertShows(IEnumerable<int> numbers)
    {
        var lines = Scraped.From(_registry).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(numbers.Select(n => $"c_total{{n=\"{Text(n)}\"}} 0"), lines.Skip(2));
    }

    [Fact]
    public void Snapshot_FamiliesAddedInAnyOrder_AreShownInTheRegistrysOwn()
    {
        MetricDescriptor[] known = [.. "abcd".Select(name => new MetricDescriptor($"{name}_total", MetricType.Counter, [], "Help."))];
        using var registry = new MetricRegistry { Order = known };
        foreach (var name in "xdbcya")
        {
            registry.Add(new MetricDescriptor($"{name}_total", MetricType.Counter, [], "Help.")).AddCounter(Labels.None);
        }

        var shown = Scraped.From(registry).Samples.Keys;
        Assert.Equal(["a_total", "b_total", "c_total", "d_total", "x_total", "y_total"], shown);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1024)]
    [InlineData(1025)]
    [InlineData(5000)]
    [InlineData(20_000)]
    public void Snapshot_SeriesAcrossPages_ShowsEachOnceInOrder(int count)
    {
        var (family, _) = AddMany(count);

        AssertShows(Enumerable.Range(0, count));
        Assert.Equal(count, family.Count);
        Assert.Equal(count, _registry.LastSamples);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(700)]
    [InlineData(1024)]
    public void Remove_FromTheMiddle_LeavesTheOthersInOrder(int index)
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(1025);
        AssertShows(Enumerable.Range(0, 1025));
        family.Remove(counters[index]);

        AssertShows(Enumerable.Range(0, 1025).Where(n => n != index));
    }

    [Fact]
    public void Remove_All_ShowsNothingAndTakesNewOnes()
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(600);
        AssertShows(Enumerable.Range(0, 600));
        foreach (var counter in counters)
        {
            family.Remove(counter);
        }

        Assert.Equal("", Scraped.From(_registry).Text);
        family.AddCounter(Labels.Of(("n", "7")));
        AssertShows([7]);
    }

    [Fact]
    public void Remove_Twice_IsRefused()
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(3);
        family.Remove(counters[1]);

        Assert.Throws<ArgumentException>(() => family.Remove(counters[1]));
        AssertShows([0, 2]);
    }

    [Fact]
    public void Increment_AfterRemoval_ShowsNowhere()
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(2);
        family.Remove(counters[1]);
        family.Remove(counters[0]);

        counters[1].Increment();
        Assert.Equal("", Scraped.From(_registry).Text);
    }

    [Fact]
    public void Snapshot_AfterAChangeOnOnePage_ShowsItInBothFormats()
    {
        using var held = _registry.Gate.Enter();
        var (_, counters) = AddMany(2000);
        _ = Scraped.From(_registry);
        _ = Scraped.From(_registry, ExpositionFormat.OpenMetrics);
        counters[1234].Increment(5);

        Assert.Equal(5, Scraped.From(_registry)["c_total{n=\"1234\"}"]);
        Assert.Equal(5, Scraped.From(_registry, ExpositionFormat.OpenMetrics)["c_total{n=\"1234\"}"]);
        Assert.Equal(5, Scraped.From(_registry).Sum("c_total"));
    }

    [Fact]
    public void Snapshot_Held_StaysAsItWasWhileTheRegistryGoesOn()
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(2000);
        using var shown = _registry.Snapshot(ExpositionFormat.Text);
        var before = Scraped.TextOf(shown);
        for (var i = 0; i < 50; i++)
        {
            counters[i * 30].Increment();
            family.Remove(counters[(i * 30) + 1]);
            _registry.Snapshot(ExpositionFormat.Text).Dispose();
        }

        Assert.Equal(before, Scraped.TextOf(shown));
        Assert.Equal(before.Length, shown.Length);
    }

    [Fact]
    public void Snapshot_HeldOverTheRegistrysEnd_CanStillBeSent()
    {
        using var registry = new MetricRegistry();
        registry.Add(new MetricDescriptor("c_total", MetricType.Counter, [], "Help.")).AddCounter(Labels.None);
        using var held = registry.Snapshot(ExpositionFormat.Text);
        registry.Dispose();

        Assert.EndsWith("c_total 0\n", Scraped.TextOf(held), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshot_Many_KeepNoNativeMemory()
    {
        using var held = _registry.Gate.Enter();
        var (family, counters) = AddMany(20_000);
        var before = TextPage.Live;
        _registry.Snapshot(ExpositionFormat.Text).Dispose();
        for (var i = 0; i < 200; i++)
        {
            counters[i * 100].Increment();
            _registry.Snapshot(i % 2 == 0 ? ExpositionFormat.Text : ExpositionFormat.OpenMetrics).Dispose();
        }

        // Other tests run beside this one and hold some pages of their own, but far fewer than 200 snapshots of 40 pages would.
        Assert.InRange(TextPage.Live - before, long.MinValue, 2_000);
        foreach (var counter in counters.AsEnumerable().Reverse())
        {
            family.Remove(counter);
        }

        Assert.Equal(0, family.Count);
    }

    [Fact]
    public void Add_FamilyThatIsThereAlready_IsRefused()
    {
        AddMany(0);
        Assert.Throws<ArgumentException>(() => AddMany(0));
    }

    [Fact]
    public void AddGauge_ToACounter_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => AddMany(0).Family.AddGauge(Labels.None));

    [Fact]
    public void Snapshot_CollectorsRun_BeforeIt()
    {
        var gauge = _registry.Add(new MetricDescriptor("g", MetricType.Gauge, [], "Help.")).AddGauge(Labels.None);
        var scrapes = 0;
        _registry.AddCollector(() => gauge.Set(++scrapes));

        Assert.Equal(1, Scraped.From(_registry)["g"]);
        Assert.Equal(2, Scraped.From(_registry)["g"]);
    }

    public static TheoryData<string, Action<MetricRegistry>> Changes => new()
    {
        { "counter", registry => Family(registry, MetricType.Counter).AddCounter(Labels.None).Increment() },
        { "total", registry => Family(registry, MetricType.Counter).AddCounter(Labels.None).AdvanceTo(1) },
        { "gauge", registry => Family(registry, MetricType.Gauge).AddGauge(Labels.None).Set(1) },
        { "histogram", registry => Family(registry, MetricType.Histogram).AddHistogram(Labels.None).Observe(1) },
        { "buckets", registry => Family(registry, MetricType.Histogram).AddHistogram(Labels.None).Add([1, 0], 1) },
        { "exemplar", registry => Family(registry, MetricType.Histogram).AddHistogram(Labels.None).SetExemplar(0, Exemplar.TryCreate(1, DateTimeOffset.UnixEpoch, ("run_id", "7"))!) },
        { "order", registry => Family(registry, MetricType.Counter).RestoreOrder() },
        {
            "removal", registry =>
            {
                var family = Family(registry, MetricType.Counter);
                family.Remove(family.AddCounter(Labels.None));
            }
        },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Change_WithoutTheGate_ThrowsAndChangesNothing(string what, Action<MetricRegistry> change)
    {
        using var expected = new MetricRegistry();
        using (expected.Gate.Enter())
        {
            change(expected);
        }

        Assert.False(expected.Gate.IsHeld);
        var thrown = Assert.Throws<InvalidOperationException>(() => change(_registry));
        Assert.Contains("registry.Gate.Enter()", thrown.Message, StringComparison.Ordinal);
        if (what != "order")
        {
            Assert.NotEqual(Scraped.From(expected, ExpositionFormat.OpenMetrics).Text, Scraped.From(_registry, ExpositionFormat.OpenMetrics).Text);
        }
    }

    private static MetricFamily Family(MetricRegistry registry, MetricType type) =>
        registry.Add(new MetricDescriptor("x_total", type, [], "Help.") { Buckets = type == MetricType.Histogram ? [1] : [], HasExemplars = true });

    [Fact]
    public void Share_SameName_IsMadeOnce()
    {
        var first = _registry.Share("x", static _ => new object());
        Assert.Same(first, _registry.Share("x", static _ => new object()));
        Assert.NotSame(first, _registry.Share("y", static _ => new object()));
        Assert.Throws<ArgumentException>(() => _registry.Share("x", static _ => ""));
    }
}
