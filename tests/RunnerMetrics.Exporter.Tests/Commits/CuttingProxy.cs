using System.Net;
using System.Net.Sockets;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>
/// A bad network in front of a server: of the connections it takes it refuses some, delays what some carry, and cuts each sooner or later, in the
/// middle of a request or of its answer.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private CancellationTokenSource _cable = new();
    private int _cuts;

    public CuttingProxy(Uri target, int seed)
    {
        (Target, _random) = (target, new Random(seed));
        _listener.Start();
        Address = new Uri($"http://{_listener.LocalEndpoint}");
        _accepting = AcceptAsync();
    }

    public Uri Address { get; }

    /// <summary>Where new connections go.</summary>
    public Uri Target { get; set; }

    /// <summary>How many connections it refused or cut.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>Whether it lets new connections' bytes through, all and at once.</summary>
    public bool IsGood { get; set; }

    /// <summary>Whether nothing gets through at all.</summary>
    public bool IsDown { get; private set; }

    public void PullTheCable()
    {
        IsDown = true;
        _cable.Cancel();
    }

    public void PlugItIn()
    {
        _cable = new CancellationTokenSource();
        IsDown = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
        _cable.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _connections.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
            catch (SocketException)
            {
                // The caller was gone before it was let in; the next one is not, unless it is over.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        using var near = client;
        var fate = IsGood ? 0 : Next(10);
        if (IsDown || fate == 9)
        {
            Interlocked.Increment(ref _cuts);
            near.Client.Close(0);
            return;
        }

        using var far = new TcpClient();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, _cable.Token);
        try
        {
            await far.ConnectAsync(Target.Host, Target.Port, end.Token);

            // A batch takes a few thousand bytes, its answer a few hundred.
            var up = IsGood ? long.MaxValue : Next(fate < 2 ? 4000 : 60_000);
            var down = IsGood ? long.MaxValue : Next(fate is 2 or 3 ? 500 : 8000);
            var delay = fate is 4 or 5 ? TimeSpan.FromMilliseconds(Next(40)) : TimeSpan.Zero;
            var first = await Task.WhenAny(
                CopyAsync(near.GetStream(), far.GetStream(), up, delay, end.Token), CopyAsync(far.GetStream(), near.GetStream(), down, delay, end.Token));
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // One side is gone, or was before its stream was asked for.
        }

        Interlocked.Increment(ref _cuts);
        await end.CancelAsync();
        near.Client.Close(0);
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, long cutAfter, TimeSpan delay, CancellationToken end)
    {
        var buffer = new byte[8192];
        while (cutAfter > 0 && await from.ReadAsync(buffer, end) is > 0 and var read)
        {
            await Task.Delay(delay, end);
            var part = (int)Math.Min(read, cutAfter);
            await to.WriteAsync(buffer.AsMemory(0, part), end);
            cutAfter -= part;
        }
    }

    private int Next(int below)
    {
        lock (_gate)
        {
            return _random.Next(below);
        }
    }
}
