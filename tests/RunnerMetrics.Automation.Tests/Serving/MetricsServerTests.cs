using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Automation.Serving;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Serving;

public sealed class MetricsServerTests : IDisposable
{
    private const string Expected = "test_watcher_files_processed_total{} 2\n";

    private readonly HttpClient _client = new PatientHttpClient();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    private static MetricsServer Start(MetricsServerOptions? options = null) => MetricsServer.Start(options ?? new MetricsServerOptions { Port = 0 });

    private async Task<HttpResponseMessage> AskAsync(Uri address, string? accept = null, string? encoding = null, string method = "GET")
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), address);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        return await _client.SendAsync(request, Cancelled);
    }

    private async Task AssertServesAsync(Uri address)
    {
        using var text = await AskAsync(address);
        Assert.Equal(["text/plain; version=0.0.4; charset=utf-8"], text.Content.Headers.NonValidated["Content-Type"]);
        Assert.Contains(Expected, await text.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var open = await AskAsync(address, "application/openmetrics-text;version=1.0.0");
        Assert.StartsWith("application/openmetrics-text; version=1.0.0; charset=utf-8", open.Content.Headers.NonValidated["Content-Type"].ToString(), StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", await open.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        using var elsewhere = await AskAsync(new Uri(address, "/other"));
        Assert.Equal(HttpStatusCode.NotFound, elsewhere.StatusCode);
    }

    [Fact]
    public async Task MetricsServer_AnyProcess_ServesBothFormats()
    {
        using var server = Start();
        new TestWatcherMetrics(server.Meters).RecordFilesProcessed(2);

        Assert.True(server.Address.IsLoopback);
        await AssertServesAsync(server.Address);
        await AssertServesAsync(new UriBuilder(server.Address) { Host = "localhost" }.Uri);
    }

    [Fact]
    public void MetricsServer_AddressThatHttpListenerCannotTake_IsRefused() =>
        Assert.Throws<ArgumentException>(() => Start(new MetricsServerOptions { Port = 0, Address = IPAddress.IPv6Loopback }));

    [Fact]
    public async Task MapPrometheusMetrics_AspNetApplication_ServesBothFormatsAndGzip()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddAutomationMetrics();
        await using var application = builder.Build();
        application.MapPrometheusMetrics("/internal/metrics");
        new TestWatcherMetrics(application.Services.GetRequiredService<IMeterFactory>()).RecordFilesProcessed(2);
        await application.StartAsync(Cancelled);

        var address = new Uri(new Uri(application.Urls.First()), "/internal/metrics");
        await AssertServesAsync(address);
        using var zipped = await AskAsync(address, encoding: "gzip");
        await using var plain = new GZipStream(await zipped.Content.ReadAsStreamAsync(Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(plain);
        Assert.Contains(Expected, await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        using var head = await AskAsync(address, method: "HEAD");
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        using var post = await AskAsync(address, method: "POST");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Fact]
    public void MetricsServer_PortTaken_SaysSo()
    {
        using var server = Start();

        var problem = Assert.Throws<IOException>(() => Start(new MetricsServerOptions { Port = server.Address.Port }));
        Assert.StartsWith($"127.0.0.1:{server.Address.Port} cannot be listened on: ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetricsServer_Disposed_GivesItsPortBack()
    {
        var server = Start();
        var port = server.Address.Port;
        server.Dispose();

        using var again = Start(new MetricsServerOptions { Port = port, Path = "/m" });
        using var answer = await AskAsync(again.Address);
        Assert.Equal("/m", again.Address.AbsolutePath);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
