using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Delivers webhooks, each once: GitHub repeats none by itself. What was sent can be sent again for some days, by whoever asks for it.</summary>
public sealed class FakeHook : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1) });
    private readonly Lock _gate = new();
    private readonly List<FakeDelivery> _deliveries = [];
    private readonly FakeGitHubOptions _options;
    private readonly TimeProvider _time;
    private long _lastId = 1_000;
    private int _underWay;

    internal FakeHook(FakeGitHubOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        _http.Timeout = options.Patience;
    }

    /// <summary>Where to; null where there is no webhook.</summary>
    public Uri? Url { get; set; }

    /// <summary>What signs the payloads; null where nothing does.</summary>
    public string? Secret { get; set; }

    /// <summary>How many redeliveries have not ended yet.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>All tries that can still be seen, the latest first.</summary>
    public IReadOnlyList<FakeDelivery> Deliveries
    {
        get
        {
            lock (_gate)
            {
                var oldest = _time.GetUtcNow() - _options.DeliveriesKept;
                return [.. _deliveries.Where(delivery => delivery.DeliveredAt >= oldest).Reverse()];
            }
        }
    }

    /// <summary>Delivers once, whatever comes of it.</summary>
    /// <param name="name">The event.</param>
    /// <param name="payload">Its JSON.</param>
    public Task<FakeDelivery> DeliverAsync(string name, string payload) => DeliverAsync(name, payload, System.Guid.NewGuid().ToString(), isRedelivery: false);

    /// <summary>Delivers again what was sent before.</summary>
    /// <returns>False where nobody knows the id any more.</returns>
    internal bool TryRedeliver(long id)
    {
        if (Deliveries.FirstOrDefault(delivery => delivery.Id == id) is not { } known)
        {
            return false;
        }

        _ = RedeliverAsync(known);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task RedeliverAsync(FakeDelivery known)
    {
        Interlocked.Increment(ref _underWay);
        try
        {
            await DeliverAsync(known.Event, known.Payload, known.DeliveryGuid, isRedelivery: true);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    private async Task<FakeDelivery> DeliverAsync(string name, string payload, string guid, bool isRedelivery)
    {
        var at = _time.GetUtcNow();
        var (status, code) = await SendAsync(name, payload, guid);
        lock (_gate)
        {
            var delivery = new FakeDelivery(++_lastId, guid, name, payload, at, isRedelivery, status, code);
            _deliveries.Add(delivery);
            return delivery;
        }
    }

    private async Task<(string Status, int Code)> SendAsync(string name, string payload, string guid)
    {
        if (Url is null)
        {
            return ("failed to connect to host", 0);
        }

        var body = Encoding.UTF8.GetBytes(payload);
        using var request = new HttpRequestMessage(HttpMethod.Post, Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("GitHub-Hookshot/simulated");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", guid);
        if (Secret is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), body)));
        }

        try
        {
            using var response = await _http.SendAsync(request);
            var code = (int)response.StatusCode;
            return (code < 400 ? "OK" : $"Invalid HTTP Response: {code}", code);
        }
        catch (HttpRequestException)
        {
            return ("failed to connect to host", 0);
        }
        catch (OperationCanceledException)
        {
            return ("timed out", 0);
        }
    }
}
