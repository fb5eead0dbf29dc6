using RunnerMetrics.Exporter.FleetMetrics;

namespace RunnerMetrics.Exporter.Tests.FleetMetrics;

/// <summary>OpenTelemetry's variables, those of metrics first.</summary>
public class FleetMetricsOptionsTests
{
    [Fact]
    public void Read_OnlyAnEndpoint_HasTheDefaults()
    {
        var options = Read("ENDPOINT=http://127.0.0.1:4317");
        Assert.Equal((new Uri("http://127.0.0.1:4317"), true, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(10)), (options.Endpoint, options.IsGrpc, options.Interval, options.Timeout));
        Assert.Empty(options.Headers);
    }

    [Fact]
    public void Read_AllOfThem_TakesThoseOfMetrics()
    {
        var options = Read(
            "ENDPOINT=http://a:1", "METRICS_ENDPOINT=https://b:2/in", "PROTOCOL=grpc", "METRICS_PROTOCOL=http/protobuf", "HEADERS=x=1", "METRICS_HEADERS=x-key=a%20b, y = c=d ,none", "TIMEOUT=1000",
            "METRICS_TIMEOUT=2000", "OTEL_METRIC_EXPORT_INTERVAL=3000");
        Assert.Equal((new Uri("https://b:2/in"), false, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(2)), (options.Endpoint, options.IsGrpc, options.Interval, options.Timeout));
        Assert.Equal([KeyValuePair.Create("x-key", "a b"), KeyValuePair.Create("y", "c=d")], options.Headers);
    }

    [Theory]
    [InlineData("http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/metrics")]
    [InlineData("http://127.0.0.1:4318/otlp/?tenant=a", "http://127.0.0.1:4318/otlp/v1/metrics?tenant=a")]
    public void Read_OverHttp_AddsThePathOfMetrics(string endpoint, string expected) =>
        Assert.Equal(expected, Read("ENDPOINT=" + endpoint, "PROTOCOL=http/protobuf").Endpoint.AbsoluteUri);

    [Theory]
    [InlineData("--otlp-fleet-metrics needs a collector to send to: set OTEL_EXPORTER_OTLP_ENDPOINT, such as http://127.0.0.1:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT is not an address of a collector: give one such as http://127.0.0.1:4318/v1/metrics, or leave it out", "METRICS_ENDPOINT=collector:4318")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL, or its METRICS variant, is no protocol that metrics are sent by: give grpc or http/protobuf", "ENDPOINT=http://a:1", "PROTOCOL=http/json")]
    public void ProblemOf_SaysWhatWouldBeRight(string problem, params string[] variables)
    {
        Assert.Equal(problem, FleetMetricsOptions.ProblemOf(Variables(variables)));
        Assert.Equal(problem, Assert.Throws<InvalidOperationException>(() => Read(variables)).Message);
    }

    private static FleetMetricsOptions Read(params string[] variables) => FleetMetricsOptions.Read(Variables(variables));

    private static Func<string, string?> Variables(string[] variables) => name => variables.Select(variable => variable.Split('=', 2))
        .FirstOrDefault(variable => name == (variable[0].StartsWith("OTEL_", StringComparison.Ordinal) ? variable[0] : "OTEL_EXPORTER_OTLP_" + variable[0]))?[1];
}
