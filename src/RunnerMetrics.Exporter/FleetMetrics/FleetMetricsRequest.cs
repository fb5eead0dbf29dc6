using Google.Protobuf.Collections;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Traces;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>Fills requests with data points of one moment. Many points make several requests: collectors limit a message to 4 MB.</summary>
/// <param name="resource">What the exporter says of itself.</param>
/// <param name="since">Since when everything is counted.</param>
/// <param name="now">The moment.</param>
internal sealed class FleetMetricsRequest(Resource resource, DateTimeOffset since, DateTimeOffset now)
{
    public const string ScopeName = "RunnerMetrics.Fleet";

    private const int MaxPoints = 2_000;

    private readonly List<ExportRequest> _requests = [];
    private ScopeMetrics? _scope;
    private Metric? _metric;
    private int _points;

    /// <summary>The requests; none if there are no points.</summary>
    public IReadOnlyList<ExportRequest> Requests => _requests;

    /// <summary>Adds a count.</summary>
    public void Add(FleetMetric metric, double value, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var point = new NumberPoint { StartTimeUnixNano = Nanoseconds(since), TimeUnixNano = Nanoseconds(now), AsInt = (long)value };
        Fill(point.Attributes, attributes);
        MetricFor(metric).Sum.DataPoints.Add(point);
    }

    /// <summary>Adds a histogram: the counts of each bucket by itself, and the upper bounds of all but the last.</summary>
    public void Add(FleetMetric metric, IReadOnlyList<long> counts, double sum, IEnumerable<double> bounds, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        var point = new HistogramPoint
        {
            StartTimeUnixNano = Nanoseconds(since),
            TimeUnixNano = Nanoseconds(now),
            Count = (ulong)counts.Sum(),
            Sum = sum,
            BucketCounts = { counts.Select(count => (ulong)count) },
            ExplicitBounds = { bounds },
        };
        Fill(point.Attributes, attributes);
        MetricFor(metric).Histogram.DataPoints.Add(point);
    }

    private Metric MetricFor(FleetMetric metric)
    {
        if (_scope is null || _points == MaxPoints)
        {
            _scope = new ScopeMetrics { Scope = new Scope { Name = ScopeName, Version = BuildVersion.Text }, SchemaUrl = RunActivity.SchemaUrl };
            _requests.Add(new ExportRequest { ResourceMetrics = { new ResourceMetrics { Resource = resource, ScopeMetrics = { _scope } } } });
            (_metric, _points) = (null, 0);
        }

        if (_metric?.Name != metric.Name)
        {
            _scope.Metrics.Add(_metric = metric.ToMessage());
        }

        _points++;
        return _metric;
    }

    // What is not known is left out.
    private static void Fill(RepeatedField<Otlp.Attribute> target, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach (var (name, value) in attributes)
        {
            if (value.Length > 0)
            {
                target.Add(new Otlp.Attribute { Key = name, Value = new Value { StringValue = value } });
            }
        }
    }

    private static ulong Nanoseconds(DateTimeOffset time) => (ulong)((time - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick);
}
