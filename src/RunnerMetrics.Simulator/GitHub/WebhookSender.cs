using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>Signs and delivers webhooks as GitHub does: some seconds late, one after another, each once, whatever the answer.</summary>
public sealed class WebhookSender : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LeastLate = TimeSpan.FromSeconds(1), MostLate = TimeSpan.FromSeconds(5);

    private readonly Channel<(string Name, string Payload, DateTimeOffset Due)> _waiting =
        Channel.CreateUnbounded<(string Name, string Payload, DateTimeOffset Due)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly TimeProvider _time;
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly Func<string, string, Task> _deliver;
    private readonly Task _loop;

    /// <summary>Begins to deliver.</summary>
    /// <param name="url">Where to, for example <c>http://127.0.0.1:9091/webhooks/github</c>.</param>
    /// <param name="secret">What to sign with, or null.</param>
    /// <param name="time">The clock that says how late it is.</param>
    public WebhookSender(Uri url, string? secret, TimeProvider time)
    {
        var key = secret is null ? null : Encoding.UTF8.GetBytes(secret);
        _time = time;
        _deliver = (name, payload) => DeliverAsync(url, key, name, payload);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Begins to deliver by a simulated GitHub's webhook, which lists what it delivered.</summary>
    /// <param name="hook">The webhook.</param>
    /// <param name="time">The clock that says how late it is.</param>
    public WebhookSender(FakeHook hook, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(hook);
        _time = time;
        _deliver = async (name, payload) =>
        {
            if (await hook.DeliverAsync(name, payload) is { Status: not "OK" } failed)
            {
                OnNotTaken?.Invoke(failed.Status);
            }
        };
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Called with each delivery that was not taken: its status, or why there was no answer.</summary>
    public Action<string>? OnNotTaken { get; init; }

    /// <summary>Hands news over; it returns at once.</summary>
    public void Send(WorkflowJobNews news) => Send("workflow_job", WorkflowJobPayload.Of(news));

    /// <summary>Hands a webhook over; it returns at once.</summary>
    /// <param name="name">The event, as <c>X-GitHub-Event</c> names it.</param>
    /// <param name="payload">Its JSON.</param>
    public void Send(string name, string payload) =>
        _waiting.Writer.TryWrite((name, payload, _time.GetUtcNow() + LeastLate + ((MostLate - LeastLate) * Random.Shared.NextDouble())));

    /// <summary>Delivers what was handed over, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        _http.Dispose();
    }

    private async Task RunAsync()
    {
        await foreach (var (name, payload, due) in _waiting.Reader.ReadAllAsync())
        {
            if (due - _time.GetUtcNow() is var early && early > TimeSpan.Zero)
            {
                await Task.Delay(early, _time);
            }

            try
            {
                await _deliver(name, payload);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                OnNotTaken?.Invoke(e.Message);
            }
        }
    }

    private async Task DeliverAsync(Uri url, byte[]? secret, string name, string payload)
    {
        var body = Encoding.UTF8.GetBytes(payload);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.ParseAdd("GitHub-Hookshot/simulated");
        request.Headers.Add("X-GitHub-Event", name);
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        if (secret is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(secret, body)));
        }

        using var response = await _http.SendAsync(request);
        if (!response.IsSuccessStatusCode)
        {
            OnNotTaken?.Invoke($"{(int)response.StatusCode}: {(await response.Content.ReadAsStringAsync()).Trim()}");
        }
    }
}
