using System.Globalization;
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

namespace RunnerMetrics.EndToEnd.Tests.Deployments;

/// <summary>An exporter whose clock is set to when things happen: GitHub's webhooks reach it over HTTP, signed, and the pipeline's reports over gRPC.</summary>
internal sealed class YearsExporter : IAsyncDisposable
{
    private const string Secret = "it is a secret to everybody";
    private const string Repository = "acme/shop";
    private readonly WebApplication _app;
    private readonly YearsClock _clock;
    private readonly string _secretFile;
    private readonly HttpClient _http;
    private readonly GrpcChannel _grpc;

    private YearsExporter(WebApplication app, YearsClock clock, string secretFile)
    {
        (_app, _clock, _secretFile) = (app, clock, secretFile);
        _http = new PatientHttpClient { BaseAddress = new Uri(app.Urls.First()) };
        _grpc = CollectorCalls.Open(new Uri(app.Urls.Last()));
    }

    public static async Task<YearsExporter> StartAsync(DateTimeOffset now, CancellationToken cancelled)
    {
        var clock = new YearsClock { Now = now };
        var secretFile = Path.GetTempFileName();
        await File.WriteAllTextAsync(secretFile, Secret, cancelled);
        var app = ExporterApplication.Build(
            new ExporterOptions
            {
                HttpPort = 0,
                GrpcPort = 0,
                WebhookSecretFile = secretFile,
                Fleet = new FleetOptions { IncidentRepositories = ["acme/*"] },
            },
            clock,
            builder => builder.Logging.ClearProviders());
        await app.StartAsync(cancelled);
        var exporter = new YearsExporter(app, clock, secretFile);

        // The repository's first words come before anything is measured.
        await exporter.TellAsync(new YearEvent(now, YearEvent.Push, 1_000_000), cancelled);
        await exporter.TellAsync(new YearEvent(now, YearEvent.Pending, 1_000_000), cancelled);
        return exporter;
    }

    public Task TellAsync(YearEvent happened, CancellationToken cancelled)
    {
        _clock.Now = happened.At;
        return happened.Kind switch
        {
            YearEvent.Push => DeliverAsync("push", new JsonObject { ["head_commit"] = new JsonObject { ["id"] = Sha(happened.Id), ["timestamp"] = Time(happened.At) } }, cancelled),
            YearEvent.Pending or YearEvent.Success or YearEvent.Failure => DeliverAsync("deployment_status", StatusOf(happened), cancelled),
            YearEvent.Rework => ReportAsync(happened, new Event
            {
                Deployment = new Deployment
                {
                    DeploymentId = Number(happened.Id),
                    ServerUrl = "https://github.com",
                    Repository = Repository,
                    Environment = "production",
                    State = Deployment.Types.State.Success,
                    Rework = true,
                },
            }, cancelled),
            _ => ReportAsync(happened, new Event
            {
                Incident = new Incident
                {
                    IncidentId = Number(happened.Id),
                    ServerUrl = "https://github.com",
                    Repository = Repository,
                    Environment = "production",
                    DeploymentId = happened.Cause == 0 ? "" : Number(happened.Cause),
                    OpenedAt = happened.Kind == YearEvent.Opened ? happened.At.ToTimestamp() : null,
                    ResolvedAt = happened.Kind == YearEvent.Resolved ? happened.At.ToTimestamp() : null,
                },
            }, cancelled),
        };
    }

    /// <summary>What a scrape at a moment shows of deployments, with that time at each sample.</summary>
    public async Task<string> ScrapeAsync(DateTimeOffset at, CancellationToken cancelled)
    {
        _clock.Now = at;
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var text = new StringBuilder();
        foreach (var line in (await _http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancelled)).Split('\n'))
        {
            if (line.StartsWith("github_deployment", StringComparison.Ordinal) || line.StartsWith("github_incidents", StringComparison.Ordinal))
            {
                text.Append(line).Append(' ').Append(time).Append('\n');
            }
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        _grpc.Dispose();
        _http.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
        File.Delete(_secretFile);
    }

    private static JsonObject StatusOf(YearEvent happened) => new()
    {
        ["deployment_status"] = new JsonObject { ["state"] = happened.Kind, ["environment"] = "production", ["created_at"] = Time(happened.At) },
        ["deployment"] = new JsonObject { ["id"] = happened.Id, ["sha"] = Sha(happened.Id), ["environment"] = "production", ["created_at"] = Time(happened.At) },
    };

    private async Task DeliverAsync(string name, JsonObject payload, CancellationToken cancelled)
    {
        payload["repository"] = new JsonObject { ["full_name"] = Repository, ["html_url"] = "https://github.com/" + Repository };
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/webhooks/github", UriKind.Relative)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        using var response = await _http.SendAsync(request, cancelled);
        Assert.Equal("accepted\n", await response.Content.ReadAsStringAsync(cancelled));
    }

    private async Task ReportAsync(YearEvent happened, Event report, CancellationToken cancelled)
    {
        report.EventId = $"{happened.Kind}-{Number(happened.Id)}";
        report.OccurredAt = happened.At.ToTimestamp();
        var answer = await _grpc.ReportAsync(new ReportEventsRequest { Events = { report }, SentAt = happened.At.ToTimestamp() });
        Assert.Equal(EventResult.Types.Outcome.Accepted, Assert.Single(answer.Results).Outcome);
    }

    private static string Sha(int id) => id.ToString("x40", CultureInfo.InvariantCulture);

    private static string Number(int id) => id.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>A clock that is set; what waits for a time waits in real time.</summary>
    private sealed class YearsClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
