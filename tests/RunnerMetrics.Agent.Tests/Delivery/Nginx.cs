using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>A real nginx on a port of this machine, which passes gRPC on and lets a connection carry three requests.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int ReusePort = 15; // SO_REUSEPORT of Linux, which nginx sets as well

    private readonly TemporaryFolder _folder = new();
    private readonly Socket _port = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly RunningProgram _program;

    private Nginx(Uri collector)
    {
        // Bound, never listening: the port is ours, and nginx can share it.
        _port.SetRawSocketOption(SocketLevel, ReusePort, BitConverter.GetBytes(1));
        _port.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var address = _port.LocalEndPoint!.ToString();
        Address = new Uri($"http://{address}");
        File.WriteAllText(_folder.File("nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{_folder.File("pid")}};
            error_log stderr;
            events {}
            http {
              log_format connections '$connection $status';
              access_log {{_folder.File("access")}} connections;
              client_body_temp_path {{_folder.File("bodies")}};
              proxy_temp_path {{_folder.File("proxy")}};
              fastcgi_temp_path {{_folder.File("fastcgi")}};
              uwsgi_temp_path {{_folder.File("uwsgi")}};
              scgi_temp_path {{_folder.File("scgi")}};
              server {
                listen {{address}} http2 reuseport;
                keepalive_requests 3;
                location / { grpc_pass grpc://{{collector.Authority}}; }
              }
            }
            """);
        _program = RunningProgram.Start(Program, "-p", _folder.Path, "-c", _folder.File("nginx.conf"), "-e", "stderr");
    }

    public Uri Address { get; }

    /// <summary>Starts one, or skips the test if there is none on this machine.</summary>
    public static async Task<Nginx> StartAsync(Uri collector)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Program), "nginx is missing. Run ./test.sh, or: apt-get install nginx-light");
        var nginx = new Nginx(collector);
        await Wait.UntilAsync(
            async () => nginx._program.HasExited || await nginx.ListensAsync(), () => $"nginx does not listen: {nginx._program.Said}", TestContext.Current.CancellationToken);
        Assert.False(nginx._program.HasExited, $"nginx ended before it listened: {nginx._program.Said}");
        return nginx;
    }

    /// <summary>How many connections carried requests so far.</summary>
    public int CountConnections() => File.ReadLines(_folder.File("access")).Select(line => int.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture)).Distinct().Count();

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _port.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> ListensAsync()
    {
        using var probe = new TcpClient();
        try
        {
            await probe.ConnectAsync((IPEndPoint)_port.LocalEndPoint!, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
