using System.Globalization;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.Tests.Telemetry;

namespace RunnerMetrics.Exporter.Tests.FleetMetrics;

/// <summary>The data points of requests of the fleet's metrics.</summary>
internal sealed class OtlpPoints
{
    private readonly List<(string Metric, JsonObject Point)> _points = [];

    /// <summary>The points of one request after another; over gRPC each has a header of 5 bytes.</summary>
    public static OtlpPoints In(params IEnumerable<byte[]> requests)
    {
        var points = new OtlpPoints();
        foreach (var scope in requests.SelectMany(request => OtlpJson.Metrics(request)["resourceMetrics"]!.AsArray()).SelectMany(resource => resource!["scopeMetrics"]!.AsArray())
            .Where(scope => (string?)scope!["scope"]!["name"] == "RunnerMetrics.Fleet"))
        {
            foreach (var metric in scope!["metrics"]!.AsArray())
            {
                points._points.AddRange((metric!["sum"] ?? metric["histogram"])!["dataPoints"]!.AsArray().Select(point => ((string)metric["name"]!, point!.AsObject())));
            }
        }

        return points;
    }

    /// <summary>How many points there are.</summary>
    public int Count => _points.Count;

    /// <summary>When the counts began, of all points.</summary>
    public IEnumerable<string> Starts => _points.Select(point => (string)point.Point["startTimeUnixNano"]!).Distinct();

    /// <summary>Each point as a text, without the moment that it is of.</summary>
    public SortedSet<string> Texts => new(_points.Select(point =>
    {
        var timeless = point.Point.DeepClone().AsObject();
        timeless.Remove("timeUnixNano");
        return $"{point.Metric} {timeless.ToJsonString()}";
    }), StringComparer.Ordinal);

    /// <summary>The sum of a metric's points with attributes: <c>cicd.worker.state=busy</c>.</summary>
    public double Sum(string metric, params string[] attributes) => Of(metric, attributes).Sum(point => Number(point["asInt"]!));

    /// <summary>The counts of a histogram's points with attributes, together.</summary>
    public (double Count, double Sum, double[] Buckets) Histogram(string metric, params string[] attributes)
    {
        var points = Of(metric, attributes);
        double[][] buckets = [.. points.Select(point => point["bucketCounts"]!.AsArray().Select(count => Number(count!)).ToArray())];
        return (
            points.Sum(point => point["count"] is { } count ? Number(count) : 0), points.Sum(point => (double)point["sum"]!),
            [.. buckets.Length == 0 ? [] : Enumerable.Range(0, buckets[0].Length).Select(i => buckets.Sum(counts => counts[i]))]);
    }

    private List<JsonObject> Of(string metric, string[] attributes) =>
        [.. _points.Where(point => point.Metric == metric && attributes.All(attribute => Attributes(point.Point).Contains(attribute))).Select(point => point.Point)];

    private static IEnumerable<string> Attributes(JsonObject point) => point["attributes"]!.AsArray().Select(attribute => $"{attribute!["key"]}={attribute["value"]!["stringValue"]}");

    private static double Number(JsonNode node) => double.Parse((string)node!, CultureInfo.InvariantCulture);
}
