using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The exporter of a simulated day: its clock is moved from step to step, its journal stands on disk, and it can be started again.</summary>
internal sealed class DaysExporter : IAsyncDisposable
{
    private const string Secret = "it is a secret to everybody";
    private readonly ManualTimeProvider _clock;
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("runner-metrics-day-exporter-");
    private readonly string _secretFile;
    private readonly string _instance;
    private readonly WebhookJobs _webhookJobs;
    private WebApplication? _app;
    private HttpClient? _http;
    private GrpcChannel? _grpc;

    private DaysExporter(DateTimeOffset now, string instance, WebhookJobs webhookJobs)
    {
        (_instance, _webhookJobs) = (instance, webhookJobs);
        _clock = new ManualTimeProvider(now);
        _secretFile = Path.Combine(_data.FullName, "secret");
        File.WriteAllText(_secretFile, Secret);
    }

    /// <param name="now">What its clock shows at first.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <param name="instance">What Prometheus calls it.</param>
    /// <param name="webhookJobs">Which jobs webhooks count there.</param>
    public static async Task<DaysExporter> StartAsync(
        DateTimeOffset now, CancellationToken cancelled, string instance = "exporter:9091", WebhookJobs webhookJobs = WebhookJobs.All)
    {
        var exporter = new DaysExporter(now, instance, webhookJobs);
        await exporter.StartAsync(cancelled);
        return exporter;
    }

    /// <summary>Where it serves HTTP.</summary>
    public Uri Http => _http!.BaseAddress!;

    public async Task RestartAsync(CancellationToken cancelled)
    {
        await StopAsync(cancelled);
        await StartAsync(cancelled);
    }

    /// <summary>Moves the clock on, and tells what happened until then.</summary>
    public async Task TellAsync(
        DateTimeOffset now, IReadOnlyList<Event> events, IReadOnlyList<(string Name, JsonObject Payload)> webhooks, CancellationToken cancelled)
    {
        _clock.Advance(now - _clock.GetUtcNow());
        if (events.Count > 0)
        {
            var answer = await _grpc!.ReportAsync(new ReportEventsRequest { Events = { events }, SentAt = now.ToTimestamp() });
            Assert.All(answer.Results, result => Assert.True(result.Outcome == EventResult.Types.Outcome.Accepted, result.ToString()));
        }

        foreach (var (name, payload) in webhooks)
        {
            await DeliverAsync(name, payload, cancelled);
        }
    }

    /// <summary>What a scrape shows now, as Prometheus would store it: with the labels of its target, and the time at each sample.</summary>
    public async Task WriteScrapeAsync(TextWriter output, CancellationToken cancelled)
    {
        var scraped = await _http!.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancelled);
        ScrapedSamples.Write(output, scraped, $"job=\"runner-metrics\",instance=\"{_instance}\"", _clock.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true));
        _data.Delete(recursive: true);
    }

    private async Task StartAsync(CancellationToken cancelled)
    {
        _app = ExporterApplication.Build(
            new ExporterOptions
            {
                HttpPort = 0,
                GrpcPort = 0,
                WebhookSecretFile = _secretFile,
                WebhookJobs = _webhookJobs,
                DataDirectory = Path.Combine(_data.FullName, "data"),

                // Two steps without a sign: the clock jumps from one to the next.
                Fleet = new FleetOptions { IncidentRepositories = ["acme/*"], OfflineAfter = (2 * SimulatedDay.Step) + TimeSpan.FromSeconds(30) },
            },
            _clock,
            builder => builder.Logging.ClearProviders());
        await _app.StartAsync(cancelled);
        _http = new PatientHttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        _grpc = CollectorCalls.Open(new Uri(_app.Urls.Last()));
    }

    private async Task StopAsync(CancellationToken cancelled)
    {
        _grpc?.Dispose();
        _http?.Dispose();
        if (_app is { } app)
        {
            await app.StopAsync(cancelled);
            await app.DisposeAsync();
        }
    }

    private async Task DeliverAsync(string name, JsonObject payload, CancellationToken cancelled)
    {
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/webhooks/github", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        using var response = await _http!.SendAsync(request, cancelled);
        Assert.Equal("accepted\n", await response.Content.ReadAsStringAsync(cancelled));
    }
}
