namespace RunnerMetrics.Demo.Summary;

/// <summary>Scrapes the exporter as anybody would.</summary>
internal sealed class Scraper(int port) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", port).Uri, Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>One scrape.</summary>
    /// <exception cref="HttpRequestException">The exporter did not answer with metrics.</exception>
    public async Task<List<Sample>> ScrapeAsync(CancellationToken stop) =>
        ExpositionReader.Read(await _http.GetStringAsync(new Uri("metrics", UriKind.Relative), stop));

    public void Dispose() => _http.Dispose();
}
