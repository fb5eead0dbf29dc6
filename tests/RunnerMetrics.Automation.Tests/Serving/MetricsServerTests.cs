using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Tests.Serving;

public sealed class MetricsServerTests : IDisposable
{
    private readonly MetricRegistry _registry = new();
    private readonly HttpClient _client = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _client.Dispose();
        _registry.Dispose();
    }

    private async Task<HttpResponseMessage> AskAsync(Uri address, string? accept = null, string? encoding = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return await _client.SendAsync(request, Cancelled);
    }

    private async Task AssertServesAsync(Uri address)
    {
        var expected = "test_watcher_files_processed_total 2\n";
        using var text = await AskAsync(address);
        Assert.Equal(["text/plain; version=0.0.4; charset=utf-8"], text.Content.Headers.NonValidated["Content-Type"]);
        Assert.Contains(expected, await text.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var open = await AskAsync(address, "application/openmetrics-text;version=1.0.0");
        Assert.Equal(["application/openmetrics-text; version=1.0.0; charset=utf-8"], open.Content.Headers.NonValidated["Content-Type"]);
        Assert.EndsWith("# EOF\n", await open.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var zipped = await AskAsync(address, encoding: "gzip");
        await using var plain = new GZipStream(await zipped.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Contains(expected, await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);

        using var head = await AskAsync(address, method: "HEAD");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        using var post = await AskAsync(address, method: "POST");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        using var elsewhere = await AskAsync(new Uri(address, "/other"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task MetricsServer_AnyProcess_ServesBothFormatsAndGzip()
    {
        new TestWatcherMetrics(_registry).RecordFilesProcessed(2);
        await using var server = await MetricsServer.StartAsync(_registry, new MetricsServerOptions { Port = 0 }, cancellation: Cancelled);

        Assert.True(server.Address.IsLoopback);
        await AssertServesAsync(server.Address);
    }

    [Fact]
    public async Task MapPrometheusMetrics_AspNetApplication_ServesBothFormatsAndGzip()
    {
        new TestWatcherMetrics(_registry).RecordFilesProcessed(2);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(_registry);
        await using var application = builder.Build();
        application.MapPrometheusMetrics("/internal/metrics");
        await application.StartAsync(Cancelled);

        await AssertServesAsync(new Uri(new Uri(application.Urls.First()), "/internal/metrics"));
    }

    [Fact]
    public async Task MetricsServer_PortTaken_SaysSo()
    {
        await using var server = await MetricsServer.StartAsync(_registry, new MetricsServerOptions { Port = 0 }, cancellation: Cancelled);

        var problem = await Assert.ThrowsAsync<IOException>(() =>
            MetricsServer.StartAsync(_registry, new MetricsServerOptions { Port = server.Address.Port }, cancellation: Cancelled));
        Assert.Contains("address already in use", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetricsServer_Disposed_GivesItsPortBack()
    {
        var server = await MetricsServer.StartAsync(_registry, new MetricsServerOptions { Port = 0 }, cancellation: Cancelled);
        var port = server.Address.Port;
        await server.DisposeAsync();

        await using var again = await MetricsServer.StartAsync(_registry, new MetricsServerOptions { Port = port, Path = "/m" }, cancellation: Cancelled);
        using var answer = await AskAsync(again.Address);
        Assert.Equal("/m", again.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
