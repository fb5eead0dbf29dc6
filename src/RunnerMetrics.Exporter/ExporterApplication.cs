using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Endpoints;
using RunnerMetrics.Exporter.Forgetting;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Exporter.Watch;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Scraping;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter;

/// <summary>Builds the exporter, for its own process or inside another one.</summary>
public static class ExporterApplication
{
    /// <summary>How long callers may take to hear their answers once the exporter is told to end; it is gone in under 5 s, snapshot included.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(2.5);

    /// <summary>Builds an exporter that is not started yet. Once it is, its first URL is the HTTP port's, its second the collector's.</summary>
    /// <param name="options">A configuration.</param>
    /// <param name="time">The clock; the system's where none is given.</param>
    /// <param name="configure">What else to set up, such as another log.</param>
    /// <exception cref="ArgumentException">The configuration cannot be run; the message names every problem, one a line.</exception>
    public static WebApplication Build(ExporterOptions options, TimeProvider? time = null, Action<WebApplicationBuilder>? configure = null)
    {
        var problems = ExporterOptionsValidator.Validate(options);
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join('\n', problems), nameof(options));
        }

        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = ExporterTelemetry.ServiceName }).AddServiceDefaults(ExporterTelemetry.Sources);
        builder.Logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical) // a failed start is said in one line, not in a stack trace
            .AddFilter("Grpc", LogLevel.None); // what a stranger sends is counted; what goes wrong here, the collector logs itself
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.WebHost.ConfigureKestrel(kestrel => Listen(kestrel, options));
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeToEnd);
        AddFleet(builder.Services, options);
        configure?.Invoke(builder);

        var app = builder.Build();
        AddCollectors(app.Services);
        app.MapDefaultEndpoints();
        app.MapExporter();
        return app;
    }

    private static void Listen(KestrelServerOptions kestrel, ExporterOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = 64 * 1024; // GET and POST of people; the collector's own limit replaces it
        var secure = options is { TlsCertificate: { } certificate, TlsKey: { } key } ? ServeCertificate(certificate, key) : null;
        kestrel.Listen(new IPEndPoint(options.Bind, options.HttpPort), listen => Secure(listen, secure, HttpProtocols.Http1AndHttp2));
        kestrel.Listen(new IPEndPoint(options.GrpcBind ?? options.Bind, options.GrpcPort), listen => Secure(listen, secure, HttpProtocols.Http2));
    }

    private static void Secure(ListenOptions listen, Action<HttpsConnectionAdapterOptions>? secure, HttpProtocols protocols)
    {
        // Plain text cannot negotiate: HTTP/1.1 for scrapes, HTTP/2 for gRPC.
        listen.Protocols = secure is null && protocols == HttpProtocols.Http1AndHttp2 ? HttpProtocols.Http1 : protocols;
        if (secure is not null)
        {
            listen.UseHttps(secure);
        }
    }

    // Clients know the root; what stands between it and the certificate has to come from here.
    private static Action<HttpsConnectionAdapterOptions> ServeCertificate(string certificateFile, string keyFile)
    {
        var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(certificateFile);
        return https =>
        {
            https.ServerCertificate = certificate;
            https.ServerCertificateChain = chain;
        };
    }

    private static void AddFleet(IServiceCollection services, ExporterOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(options.Fleet);
        services.AddSingleton<MetricRegistry>();
        services.AddSingleton<Fleet>();
        services.AddSingleton<CommitLoop>();
        services.AddHostedService<JournalService>();
        services.AddSingleton<JobTraces>();
        services.AddCollector(options);
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton<StatusPage>();
        services.AddHostedService<FleetWatchService>();
        services.AddWebhooks(options);
        services.AddForgetting();
        if (options.ServesRuntimeMetrics)
        {
            services.AddSingleton<RuntimeMetrics>();
        }
    }

    // The order in which families are added is the order in which they are scraped.
    private static void AddCollectors(IServiceProvider services)
    {
        var registry = services.GetRequiredService<MetricRegistry>();
        var fleet = services.GetRequiredService<Fleet>();
        var time = services.GetRequiredService<TimeProvider>();
        registry.AddCollector(() => fleet.ShowTime(time.GetUtcNow()));
        _ = services.GetRequiredService<CollectorMetrics>();
        _ = services.GetService<WebhookMetrics>();
        _ = services.GetRequiredService<MetricsEndpoint>();
        registry.Add(MetricCatalog.BuildInfo)
            .AddGauge(Labels.Of(("version", BuildVersion.Text), ("runtime", Environment.Version.ToString())))
            .Set(1);
        ProcessMetrics.AddTo(registry);
    }
}
