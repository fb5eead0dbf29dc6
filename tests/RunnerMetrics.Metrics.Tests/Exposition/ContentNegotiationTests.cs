using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics.Tests.Exposition;

public class ContentNegotiationTests
{
    private const string Prometheus2 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    private const string Prometheus3Protobuf =
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7," + Prometheus3;

    [Theory]
    [InlineData(null, ExpositionFormat.Text)]
    [InlineData("", ExpositionFormat.Text)]
    [InlineData("*/*", ExpositionFormat.Text)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ExpositionFormat.Text)]
    [InlineData(Prometheus2, ExpositionFormat.OpenMetrics)]
    [InlineData(Prometheus3, ExpositionFormat.OpenMetrics)]
    [InlineData(Prometheus3Protobuf, ExpositionFormat.OpenMetrics)]
    [InlineData("text/plain;version=0.0.4;q=1,*/*;q=0.1", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text", ExpositionFormat.OpenMetrics)]
    [InlineData("APPLICATION/OpenMetrics-Text; Version=\"1.0.0\" ; Q=1", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.4, text/plain;q=0.5", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=0.5, text/plain;q=0.5", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0.5, text/plain;q=0.1, */*;q=0.9", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;version=2.0.0", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text, text/plain;q=NaN", ExpositionFormat.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=lots", ExpositionFormat.Text)]
    [InlineData("application/openmetrics-text;q=NaN", ExpositionFormat.Text)]
    [InlineData(",;,=;q=;;,/", ExpositionFormat.Text)]
    [InlineData("application/vnd.google.protobuf", ExpositionFormat.Text)]
    public void FormatFor_Accept_IsWhatItPrefers(string? accept, ExpositionFormat format) =>
        Assert.Equal(format, ContentNegotiation.FormatFor(accept));

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("gzip", true)]
    [InlineData("GZIP", true)]
    [InlineData("x-gzip", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("deflate, gzip;q=0.5", true)]
    [InlineData("gzip;q=0", false)]
    [InlineData("gzip;q=0.000", false)]
    [InlineData("*", true)]
    [InlineData("*;q=0", false)]
    [InlineData("gzip;q=0, *", false)]
    [InlineData("identity", false)]
    [InlineData("gzipped", false)]
    [InlineData("gzip;q=NaN", false)]
    public void AcceptsGzip_AcceptEncoding_IsWhatItSays(string? acceptEncoding, bool accepts) =>
        Assert.Equal(accepts, ContentNegotiation.AcceptsGzip(acceptEncoding));
}
