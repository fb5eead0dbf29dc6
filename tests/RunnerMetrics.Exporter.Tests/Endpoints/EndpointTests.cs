using System.Globalization;
using System.IO.Compression;
using System.Net;
using RunnerMetrics.Domain;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Endpoints;

public class EndpointTests
{
    private const string R1 = "runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"";

    private static async Task<HttpResponseMessage> CallAsync(
        RunningExporter exporter, string path, string method = "GET", string? accept = null, string? acceptEncoding = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Parse(method), path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", acceptEncoding);
        return await exporter.Client.SendAsync(request, RunningExporter.Cancelled);
    }

    [Theory]
    [InlineData(null, "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("text/html,*/*;q=0.8", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", "application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    public async Task Metrics_Accept_DecidesOnTheFormat(string? accept, string contentType, bool isOpenMetrics)
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Completed("e", "j"));
        using var response = await CallAsync(exporter, "/metrics", accept: accept);
        var text = await response.Content.ReadAsStringAsync(RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([contentType], response.Content.Headers.NonValidated["Content-Type"]);
        Assert.Equal(isOpenMetrics, text.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.Equal(isOpenMetrics, text.Contains("# {repository=\"acme/shop\",run_id=\"7\"} 59 ", StringComparison.Ordinal));
        Assert.Contains($"github_runner_jobs_total{{{R1},status=\"success\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Equal(System.Text.Encoding.UTF8.GetByteCount(text), response.Content.Headers.ContentLength);
        Assert.Contains("Accept", response.Headers.Vary);
    }

    [Fact]
    public async Task Metrics_AllThatIsServed_StandsInTheOrderOfTheCatalogue()
    {
        using var folder = new TemporaryFolder();
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = folder.Path, WebhooksWithoutSecret = true });
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Completed("e", "j"), AgentEvents.Cache("c"), AgentEvents.Deployment("d", "7"), AgentEvents.Incident("i", "i", opened: -60));
        await exporter.ScrapeAsync();
        var families = (await exporter.ScrapeAsync()).Split('\n').Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToArray();

        Assert.InRange(families.Length, 40, MetricCatalog.All.Count);
        Assert.Equal(MetricCatalog.All.Select(metric => metric.Name).Intersect(families), families);
    }

    [Fact]
    public async Task Metrics_GzipAccepted_IsTheSameTextCompressed()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Completed("e", "j"));
        using var response = await CallAsync(exporter, "/metrics", acceptEncoding: "gzip");
        await using var zipped = new GZipStream(await response.Content.ReadAsStreamAsync(RunningExporter.Cancelled), CompressionMode.Decompress);
        using var reader = new StreamReader(zipped);
        var text = await reader.ReadToEndAsync(RunningExporter.Cancelled);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.Contains($"github_runner_jobs_total{{{R1},status=\"success\"}} 1\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndotnet_threadpool_queue_length ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/health")]
    [InlineData("/alive")]
    [InlineData("/ready")]
    [InlineData("/")]
    public async Task Head_OfAnyPage_HasItsHeadersAndNoBody(string path)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await CallAsync(exporter, path, "HEAD");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotNull(response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(RunningExporter.Cancelled));
    }

    [Theory]
    [InlineData("/nothing", "GET", HttpStatusCode.NotFound)]
    [InlineData("/metrics/more", "GET", HttpStatusCode.NotFound)]
    [InlineData("/..%2f..%2fetc/passwd", "GET", HttpStatusCode.NotFound)]
    [InlineData("/metrics", "POST", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/metrics", "DELETE", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/health", "PUT", HttpStatusCode.MethodNotAllowed)]
    [InlineData("/", "POST", HttpStatusCode.MethodNotAllowed)]
    public async Task Http_WrongPathOrMethod_IsSaidSo(string path, string method, HttpStatusCode status)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await CallAsync(exporter, path, method);

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/")]
    [InlineData("/ready")]
    [InlineData("/webhooks/github")]
    public async Task Http_AtTheCollectorsPort_IsNotServed(string path)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(exporter.Grpc, path)) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var response = await exporter.Client.SendAsync(request, RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("--http-port", await response.Content.ReadAsStringAsync(RunningExporter.Cancelled), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health", "OK\n")]
    [InlineData("/alive", "OK\n")]
    [InlineData("/ready", "ready\n")]
    public async Task HealthAndReady_Running_SaySo(string path, string text)
    {
        await using var exporter = await RunningExporter.StartAsync();
        using var response = await CallAsync(exporter, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(text, await response.Content.ReadAsStringAsync(RunningExporter.Cancelled));
    }

    [Fact]
    public async Task Metrics_ScrapedBefore_TellOfThatScrape()
    {
        await using var exporter = await RunningExporter.StartAsync();
        Assert.Null(await exporter.SampleAsync("runner_metrics_series"));
        using var first = await CallAsync(exporter, "/metrics");
        var text = await first.Content.ReadAsStringAsync(RunningExporter.Cancelled);
        await Wait.UntilAsync(
            async () => await exporter.SampleAsync("runner_metrics_scrape_duration_seconds_count") is { } count && int.Parse(count, CultureInfo.InvariantCulture) >= 2,
            "the scrapes are counted");

        Assert.InRange(double.Parse((await exporter.SampleAsync("runner_metrics_series"))!, CultureInfo.InvariantCulture), 20, 1000);
        Assert.InRange(
            double.Parse((await exporter.SampleAsync("runner_metrics_last_scrape_size_bytes"))!, CultureInfo.InvariantCulture), text.Length - 100, text.Length + 1000);
    }

    [Fact]
    public async Task Metrics_OfTheProcess_ArePresentAndPlausible()
    {
        await using var exporter = await RunningExporter.StartAsync();
        async Task<double> ReadAsync(string name) =>
            double.Parse(await exporter.SampleAsync(name) ?? "NaN", CultureInfo.InvariantCulture);

        Assert.InRange(await ReadAsync("process_cpu_seconds_total"), 0.01, 3600);
        Assert.InRange(await ReadAsync("process_start_time_seconds"), 1.5e9, 1e10);
        Assert.InRange(await ReadAsync("dotnet_gc_heap_size_bytes"), 100_000, 4e9);
        Assert.InRange(await ReadAsync("dotnet_gc_allocated_bytes_total"), 100_000, 1e13);
        Assert.InRange(await ReadAsync("dotnet_gc_collections_total{generation=\"2\"}"), 0, 1e6);
        Assert.InRange(await ReadAsync("dotnet_gc_pause_seconds_total"), 0, 3600);
        Assert.InRange(await ReadAsync("dotnet_threadpool_threads"), 1, 10_000);
        Assert.InRange(await ReadAsync("process_resident_memory_bytes"), 10_000_000, 8e9);
        Assert.Contains("runner_metrics_build_info{version=\"", await exporter.ScrapeAsync(), StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
        {
            Assert.InRange(await ReadAsync("process_open_fds"), 5, 100_000);
            Assert.InRange(await ReadAsync("process_threads"), 3, 10_000);
            Assert.InRange(await ReadAsync("process_max_fds"), 64, 1e12);
            Assert.True(await ReadAsync("process_virtual_memory_bytes") > await ReadAsync("process_resident_memory_bytes"));
        }
    }

    [Fact]
    public async Task Metrics_TenClientsTimesTwentyScrapesWhileEventsCome_AreAllGood()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("beat"));
        var clients = Enumerable.Range(0, 10).Select(async client =>
        {
            var last = 0.0;
            for (var i = 0; i < 20; i++)
            {
                using var response = await CallAsync(
                    exporter, "/metrics", accept: client % 2 == 0 ? null : ContentNegotiation.OpenMetricsContentType);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                var lines = (await response.Content.ReadAsStringAsync(RunningExporter.Cancelled)).Split('\n');
                double Value(string start) =>
                    double.Parse(lines.Single(line => line.StartsWith(start, StringComparison.Ordinal)).Split(" # ")[0].Split(' ')[^1], CultureInfo.InvariantCulture);
                var jobs = Value($"github_runner_jobs_total{{{R1},status=\"success\"}}");
                Assert.Equal(jobs, Value($"github_runner_job_duration_seconds_bucket{{{R1},status=\"success\",le=\"+Inf\"}}"));
                Assert.True(jobs >= last, $"The jobs went from {last} to {jobs}.");
                last = jobs;
            }
        });
        var sender = Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++)
                {
                    await exporter.SendAsync([.. Enumerable.Range(0, 10).Select(j => AgentEvents.Completed($"e{i}-{j}", $"j{i}-{j}"))]);
                }
            },
            RunningExporter.Cancelled);

        await Task.WhenAll([.. clients, sender]);
        Assert.Equal("500", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"success\"}}"));
    }

    [Fact]
    public async Task HeartbeatTimeOut_ByTheClock_ShowsOfflineAndBack()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("1"), AgentEvents.Started("2", "j", at: 0));
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_status{{{R1}}}"));
        Assert.Equal("1000", await exporter.SampleAsync($"github_runner_uptime_seconds{{{R1}}}"));

        await exporter.PassTimeUntilAsync($"github_runner_status{{{R1}}}", "0");
        Assert.Null(await exporter.SampleAsync($"github_runner_uptime_seconds{{{R1}}}"));
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_jobs_unresolved{{{R1}}}"));
        Assert.Equal("0", await exporter.SampleAsync($"github_runner_jobs_total{{{R1},status=\"lost\"}}"));

        var passed = (int)(exporter.Clock.GetUtcNow() - AgentEvents.Now).TotalSeconds;
        Assert.True(passed > 30, $"It was offline after {passed} s.");
        await exporter.SendAsync(AgentEvents.Heartbeat("3", at: passed));
        Assert.Equal("1", await exporter.SampleAsync($"github_runner_status{{{R1}}}"));
        Assert.Equal($"{1000 + passed}", await exporter.SampleAsync($"github_runner_uptime_seconds{{{R1}}}"));
    }
}
