using System.Diagnostics.Metrics;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Support;

/// <summary>A meter factory behind a server: a test reads what its instruments recorded as Prometheus would.</summary>
internal sealed class ServedMeters : IMeterFactory
{
    private readonly MetricsServer _server = MetricsServer.Start(new MetricsServerOptions { Port = 0 });
    private readonly HttpClient _client = new PatientHttpClient();

    /// <summary>The value of a sample, or null if it is absent.</summary>
    public double? this[string sample] => Scrape()[sample];

    public Meter Create(MeterOptions options) => _server.Meters.Create(options);

    /// <summary>Scrapes once; text 0.0.4 unless something else is accepted.</summary>
    public Scraped Scrape(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _server.Address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = _client.Send(request, TestContext.Current.CancellationToken);
        using var text = new StreamReader(response.EnsureSuccessStatusCode().Content.ReadAsStream());
        return Scraped.Of(text.ReadToEnd());
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }
}
