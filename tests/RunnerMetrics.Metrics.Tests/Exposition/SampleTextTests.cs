using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Metrics.Tests.Exposition;

public sealed class SampleTextTests : IDisposable
{
    private readonly MetricRegistry _registry = new();

    public void Dispose() => _registry.Dispose();

    private MetricFamily Add(MetricType type, string name, params double[] buckets) =>
        _registry.Add(new MetricDescriptor(name, type, [], "Help.") { Buckets = buckets, HasExemplars = true });

    [Theory]
    [InlineData(0, "0")]
    [InlineData(42, "42")]
    [InlineData(-42, "-42")]
    [InlineData(0.1, "0.1")]
    [InlineData(1.0 / 3, "0.3333333333333333")]
    [InlineData(1e300, "1E+300")]
    [InlineData(5e-324, "5E-324")]
    [InlineData(1e15, "1000000000000000")]
    [InlineData(9007199254740994, "9007199254740994")]
    [InlineData(double.MaxValue, "1.7976931348623157E+308")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    public void Gauge_Value_IsTheShortestTextThatReadsBack(double value, string text)
    {
        using var held = _registry.Gate.Enter();
        Add(MetricType.Gauge, "g").AddGauge(Labels.None).Set(value);

        var written = Scraped.From(_registry).Text.Split('\n')[^2];
        Assert.Equal("g " + text, written);
    }

    // By itself: the analyzer takes an InlineData of it for one of 0.
    [Fact]
    public void Gauge_NegativeZero_IsZero()
    {
        using var held = _registry.Gate.Enter();
        Add(MetricType.Gauge, "g").AddGauge(Labels.None).Set(-0.0);
        Assert.EndsWith("\ng 0\n", Scraped.From(_registry).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Gauge_NeverSetOrTakenAway_ShowsNeitherSampleNorHeader()
    {
        using var held = _registry.Gate.Enter();
        var gauge = Add(MetricType.Gauge, "g").AddGauge(Labels.None);
        Assert.Equal("", Scraped.From(_registry).Text);
        gauge.Set(1);
        Assert.Equal("# HELP g Help.\n# TYPE g gauge\ng 1\n", Scraped.From(_registry).Text);
        gauge.Set(null);
        Assert.Equal("", Scraped.From(_registry).Text);
    }

    [Fact]
    public void CounterAndHistogram_JustMade_ShowZero()
    {
        Add(MetricType.Counter, "c_total").AddCounter(Labels.Of(("a", "b")));
        Add(MetricType.Histogram, "h_seconds", 0.5, 10).AddHistogram(Labels.None);

        const string Expected = """
            # HELP c_total Help.
            # TYPE c_total counter
            c_total{a="b"} 0
            # HELP h_seconds Help.
            # TYPE h_seconds histogram
            h_seconds_bucket{le="0.5"} 0
            h_seconds_bucket{le="10.0"} 0
            h_seconds_bucket{le="+Inf"} 0
            h_seconds_sum 0
            h_seconds_count 0

            """;
        Assert.Equal(Expected, Scraped.From(_registry).Text);
    }

    [Fact]
    public void OpenMetrics_CounterAndHistogram_HaveFamilyNamesUnitsAndAnEnd()
    {
        using var held = _registry.Gate.Enter();
        Add(MetricType.Counter, "c_total").AddCounter(Labels.None).Increment(2);
        var histogram = Add(MetricType.Histogram, "h_seconds", 10).AddHistogram(Labels.None);
        var at = DateTimeOffset.FromUnixTimeMilliseconds(1_500);
        histogram.Observe(3, Exemplar.TryCreate(3, at, ("run_id", "7"), ("repository", "a\"b")));
        histogram.Observe(30);

        const string Expected = """
            # TYPE c counter
            # HELP c Help.
            c_total 2
            # TYPE h_seconds histogram
            # UNIT h_seconds seconds
            # HELP h_seconds Help.
            h_seconds_bucket{le="10.0"} 1 # {run_id="7",repository="a\"b"} 3 1.5
            h_seconds_bucket{le="+Inf"} 2
            h_seconds_sum 33
            h_seconds_count 2
            # EOF

            """;
        Assert.Equal(Expected, Scraped.From(_registry, ExpositionFormat.OpenMetrics).Text);
        Assert.DoesNotContain("run_id", Scraped.From(_registry).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_WithBackslashLineFeedAndQuote_IsEscapedAsEachFormatWants()
    {
        using var held = _registry.Gate.Enter();
        _registry.Add(new MetricDescriptor("g", MetricType.Gauge, [], "a\\b\n\"c\"")).AddGauge(Labels.None).Set(1);

        Assert.StartsWith("# HELP g a\\\\b\\n\"c\"\n", Scraped.From(_registry).Text, StringComparison.Ordinal);
        Assert.Contains("# HELP g a\\\\b\\n\\\"c\\\"\n", Scraped.From(_registry, ExpositionFormat.OpenMetrics).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_OnABound_FallsInThatBucket()
    {
        using var held = _registry.Gate.Enter();
        var histogram = Add(MetricType.Histogram, "h", 1, 2).AddHistogram(Labels.None);
        histogram.Observe(1);
        histogram.Observe(1.0001);
        histogram.Observe(3);

        var scrape = Scraped.From(_registry);
        Assert.Equal((1, 2, 3), (scrape["h_bucket{le=\"1.0\"}"], scrape["h_bucket{le=\"2.0\"}"], scrape["h_bucket{le=\"+Inf\"}"]));
    }

    [Theory]
    [InlineData(118, true)]
    [InlineData(119, false)]
    public void Exemplar_PastOpenMetricsLimit_IsLeftOutNotCut(int length, bool isKept) =>
        Assert.Equal(isKept, Exemplar.TryCreate(1, DateTimeOffset.UnixEpoch, ("repository", new string('x', length))) is not null);

    [Fact]
    public void Exemplar_CharactersBeyondTheBasicPlane_CountAsOne() =>
        Assert.NotNull(Exemplar.TryCreate(1, DateTimeOffset.UnixEpoch, ("repository", string.Concat(Enumerable.Repeat("🏃", 118)))));

    [Fact]
    public void Exemplar_NoLabels_IsNone() => Assert.Null(Exemplar.TryCreate(1, DateTimeOffset.UnixEpoch));

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Counter_AmountThatIsNone_IsRefusedAndChangesNothing(double amount)
    {
        using var held = _registry.Gate.Enter();
        var counter = Add(MetricType.Counter, "c_total").AddCounter(Labels.None);
        counter.Increment(3);

        Assert.Throws<ArgumentOutOfRangeException>(() => counter.Increment(amount));
        Assert.Equal(3, counter.Value);
    }

    [Fact]
    public void Counter_AdvancedToLess_StaysWhereItIs()
    {
        using var held = _registry.Gate.Enter();
        var counter = Add(MetricType.Counter, "c_total").AddCounter(Labels.None);
        counter.AdvanceTo(5);
        counter.AdvanceTo(4);
        counter.AdvanceTo(double.NaN);

        Assert.Equal(5, counter.Value);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Histogram_NoFiniteNumber_IsRefused(double value)
    {
        var histogram = Add(MetricType.Histogram, "h", 1).AddHistogram(Labels.None);

        Assert.Throws<ArgumentOutOfRangeException>(() => histogram.Observe(value));
        Assert.Equal(0, histogram.Count);
    }
}
