using System.Net.Http.Headers;
using System.Net.Security;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>An exporter with real Kestrel on loopback ports that the system chose, under a clock that stands still.</summary>
internal sealed class RunningExporter : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lazy<GrpcChannel> _channel;

    private RunningExporter(WebApplication app, ManualTimeProvider clock)
    {
        _app = app;
        Clock = clock;
        var urls = app.Urls.Select(url => new Uri(url)).ToArray();
        (Http, Grpc) = (urls[0], urls[1]);
        Client = new PatientHttpClient { BaseAddress = Http };
        _channel = new Lazy<GrpcChannel>(() => Channel());
    }

    public ManualTimeProvider Clock { get; }

    public Uri Http { get; }

    public Uri Grpc { get; }

    public HttpClient Client { get; }

    public static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<RunningExporter> StartAsync(ExporterOptions? options = null, ManualTimeProvider? clock = null, ILoggerProvider? log = null)
    {
        clock ??= new ManualTimeProvider();
        var app = ExporterApplication.Build(
            (options ?? new ExporterOptions { WebhooksWithoutSecret = true }) with { HttpPort = 0, GrpcPort = 0 }, clock, builder =>
            {
                builder.Logging.ClearProviders();
                if (log is not null)
                {
                    builder.Logging.AddProvider(log);
                }
            });
        await app.StartAsync(Cancelled);
        return new RunningExporter(app, clock);
    }

    public GrpcChannel Channel(SslClientAuthenticationOptions? ssl = null) => CollectorCalls.Open(Grpc, ssl);

    public Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, GrpcChannel? channel = null, string? token = null) =>
        (channel ?? _channel.Value).ReportAsync(request, token);

    /// <summary>Sends events as a sender whose clock is right.</summary>
    public async Task<IReadOnlyList<EventResult>> SendAsync(params Event[] events) => (await SendAsync(AgentEvents.Batch(Clock.GetUtcNow(), events))).Results;

    public async Task<string> ScrapeAsync(string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        if (accept is not null)
        {
            request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        }

        using var response = await Client.SendAsync(request, Cancelled);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    /// <summary>The value of one sample as it is in the text, or null if it is absent.</summary>
    public async Task<string?> SampleAsync(string sample) =>
        (await ScrapeAsync()).Split('\n').FirstOrDefault(line => line.StartsWith(sample + ' ', StringComparison.Ordinal))?[(sample.Length + 1)..];

    /// <summary>Lets seconds pass, no faster than the exporter observes them, until a sample has a value.</summary>
    public Task PassTimeUntilAsync(string sample, string value) => Wait.UntilAsync(
        async () =>
        {
            if (await SampleAsync(sample) == value)
            {
                return true;
            }

            Clock.Advance(TimeSpan.FromSeconds(1));
            return false;
        },
        $"{sample} is {value}");

    /// <summary>Everything that is told of runners and jobs: what bad input must not change.</summary>
    public async Task<string> FleetTextAsync() =>
        string.Join('\n', (await ScrapeAsync()).Split('\n').Where(line => line.StartsWith("github_", StringComparison.Ordinal)));

    /// <summary>Closes the journal under the exporter, as at its end.</summary>
    public async Task StopTakingAsync() => await _app.Services.GetRequiredService<CommitLoop>().DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_channel.IsValueCreated)
        {
            _channel.Value.Dispose();
        }

        Client.Dispose();
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
