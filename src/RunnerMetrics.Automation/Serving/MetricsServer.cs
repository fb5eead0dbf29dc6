using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Automation.Serving;

/// <summary>
/// Serves any process's metrics on a separate port: a web server that is independent of the process's own settings and log. It
/// reads no environment variable and takes no signal. It works on threads of the pool, as all servers of .NET do: a process that blocks them all is
/// scraped late.
/// </summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _application;

    private MetricsServer(WebApplication application, Uri address)
    {
        _application = application;
        Address = address;
    }

    /// <summary>Where the metrics are: <c>http://127.0.0.1:9464/metrics</c>.</summary>
    public Uri Address { get; }

    /// <summary>Starts to serve a registry.</summary>
    /// <param name="registry">What is served; it is not disposed.</param>
    /// <param name="options">Where; port 9464 of this machine if nothing is given.</param>
    /// <param name="map">Maps more endpoints on the same port, such as <c>/health</c>.</param>
    /// <param name="cancellation">Gives up the start.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address is not one of this machine's.</exception>
    public static async Task<MetricsServer> StartAsync(
        MetricRegistry registry, MetricsServerOptions? options = null, Action<IEndpointRouteBuilder>? map = null, CancellationToken cancellation = default)
    {
        var where = options ?? new MetricsServerOptions();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.Listen(new IPEndPoint(where.Address, where.Port), listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.ClearProviders();
        var application = builder.Build();
        application.MapPrometheusMetrics(where.Path, registry);
        map?.Invoke(application);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }

        return new MetricsServer(application, new Uri(new Uri(application.Urls.First()), where.Path));
    }

    /// <summary>Stops; scrapes in progress are answered first.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }
}
