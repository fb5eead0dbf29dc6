using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Exporter.Api;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.FleetMetrics;
using RunnerMetrics.Exporter.Forgetting;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Exporter.Listening;
using RunnerMetrics.Exporter.Live;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Scraping;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Traces;
using RunnerMetrics.Exporter.Watch;
using RunnerMetrics.Exporter.Web;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter;

/// <summary>Builds the exporter, for its own process or inside another one.</summary>
public static class ExporterApplication
{
    /// <summary>How long callers may take to receive their answers after a stop signal; the exporter stops in under 5 s, including the snapshot.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(2.5);

    /// <summary>Builds an exporter that is not started yet. Once it is, its first URL is the HTTP port's, its second the collector's.</summary>
    /// <param name="options">A configuration.</param>
    /// <param name="time">The clock; the system's if none is given.</param>
    /// <param name="configure">What else to set up, such as another log.</param>
    /// <exception cref="ArgumentException">The configuration cannot be run; the message names every problem, one per line.</exception>
    public static WebApplication Build(ExporterOptions options, TimeProvider? time = null, Action<WebApplicationBuilder>? configure = null)
    {
        var problems = ExporterOptionsValidator.Validate(options);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = ExporterTelemetry.ServiceName }).AddServiceDefaults(ExporterTelemetry.Sources);
        options = options with { Fleet = options.Fleet with { TracesRuns = OtlpEndpoint.IsGiven(builder.Configuration) } };
        builder.Logging.EscapeConsole().SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical) // a failed start is said in one line, not in a stack trace
            .AddFilter("Grpc", LogLevel.None); // invalid calls are counted; the collector logs its own errors
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeToEnd);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(options.Fleet);
        builder.Services.AddSingleton<FleetState>();
        builder.Services.AddRunTraces(options);
        builder.Services.AddFleetMetrics(options, builder.Configuration);
        builder.Services.AddSingleton(new RepositoryFilter(new RepositoryNames(options.Repositories)));
        builder.AddListening(options);
        builder.Services.AddScraping(options);
        builder.Services.AddCommits();
        builder.Services.AddCollector(options);
        builder.Services.AddWebhooks(options);
        builder.Services.AddGitHub(options);
        builder.Services.AddWatch();
        builder.Services.AddForgetting();
        builder.Services.AddLive();
        builder.Services.AddAccess(options);
        builder.Services.AddApi();
        builder.Services.AddWeb();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseListening();
        app.UseAccess();
        app.UseLive();
        app.MapDefaultEndpoints();
        app.MapScraping();
        app.MapCollector();
        app.MapWebhooks();
        app.MapForgetting();
        app.MapAccess();
        app.MapApi();
        app.MapWeb();
        return app;
    }
}
