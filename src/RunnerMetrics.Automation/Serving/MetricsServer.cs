using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using RunnerMetrics.Automation.Instruments;

namespace RunnerMetrics.Automation.Serving;

/// <summary>
/// Serves any process's metrics on a port of its own, by OpenTelemetry's <c>HttpListener</c> exporter. It works on threads of the pool: a process that
/// blocks them all is scraped late. A web application maps an endpoint instead: <see cref="PrometheusEndpoints"/>.
/// </summary>
public sealed class MetricsServer : IDisposable
{
    private const int MostAttempts = 20;

    private readonly ServiceProvider _services;
    private readonly MeterProvider _provider;

    private MetricsServer(ServiceProvider services, MetricsServerOptions where, Action<MeterProviderBuilder>? configure)
    {
        _services = services;
        Meters = services.GetRequiredService<IMeterFactory>();
        (_provider, var port) = Listen(where, configure);
        Address = new Uri($"http://{where.Address}:{port}{where.Path}");
    }

    /// <summary>Where the metrics are: <c>http://127.0.0.1:9464/metrics</c>.</summary>
    public Uri Address { get; }

    /// <summary>What collectors are made with, for this server to show what they record.</summary>
    public IMeterFactory Meters { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="options">Where; port 9464 of this machine if nothing is given.</param>
    /// <param name="configure">Adds more to what is collected, or to where it is sent: <c>metrics => metrics.AddOtlpExporter()</c>.</param>
    /// <exception cref="ArgumentException">The address is none of IPv4: <c>HttpListener</c> takes no other.</exception>
    /// <exception cref="IOException">The port is in use, or the address is not one of this machine's.</exception>
    public static MetricsServer Start(MetricsServerOptions? options = null, Action<MeterProviderBuilder>? configure = null)
    {
        var where = options ?? new MetricsServerOptions();
        if (where.Address.AddressFamily != AddressFamily.InterNetwork)
        {
            throw new ArgumentException($"{where.Address} is no address of IPv4: give one such as 127.0.0.1, or 0.0.0.0 for all.", nameof(options));
        }

        var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        try
        {
            return new MetricsServer(services, where, configure);
        }
        catch
        {
            services.Dispose();
            throw;
        }
    }

    /// <summary>Stops; scrapes in progress are answered first.</summary>
    public void Dispose()
    {
        _provider.Dispose();
        _services.Dispose();
    }

    private (MeterProvider Provider, int Port) Listen(MetricsServerOptions where, Action<MeterProviderBuilder>? configure)
    {
        for (var attempt = 1; ; attempt++)
        {
            var port = where.Port;
            try
            {
                // HttpListener takes no free port by itself, and somebody else may be faster to take the one that is found.
                port = port == 0 ? FreePort(where.Address) : port;
                return (Build(where, port, configure), port);
            }
            catch (Exception e) when (e.GetBaseException() is HttpListenerException or SocketException)
            {
                if (where.Port != 0 || attempt == MostAttempts)
                {
                    throw new IOException($"{where.Address}:{port} cannot be listened on: {e.GetBaseException().Message}", e);
                }
            }
        }
    }

    private MeterProvider Build(MetricsServerOptions where, int port, Action<MeterProviderBuilder>? configure)
    {
        var builder = Sdk.CreateMeterProviderBuilder().AddAutomationMeter(Meters).AddPrometheusHttpListener(exporter =>
        {
            (exporter.ScopeInfoEnabled, exporter.TargetInfoEnabled, exporter.ScrapeResponseCacheDurationMilliseconds) = (false, false, 0);
            exporter.ConfigureHttpListener = (_, listener) => SetPrefixes(listener.Prefixes, where, port);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }

    // It answers requests to the very name or address that it is told: loopback has two.
    private static void SetPrefixes(HttpListenerPrefixCollection prefixes, MetricsServerOptions where, int port)
    {
        var address = where.Address.ToString();
        string[] hosts = IPAddress.Any.Equals(where.Address) ? ["+"] : IPAddress.IsLoopback(where.Address) ? [address, "localhost"] : [address];
        prefixes.Clear();
        foreach (var host in hosts)
        {
            prefixes.Add($"http://{host}:{port}{where.Path.TrimEnd('/')}/");
        }
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
