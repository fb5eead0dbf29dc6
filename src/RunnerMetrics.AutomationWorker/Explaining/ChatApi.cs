using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using RunnerMetrics.Automation.Apis;

namespace RunnerMetrics.AutomationWorker.Explaining;

/// <summary>Asks one API for a chat completion.</summary>
internal sealed class ChatApi : IDisposable
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan CheckedFor = TimeSpan.FromSeconds(30);

    private readonly ApiSettings _settings;
    private readonly ApiMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly HttpClient _checker = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private DateTimeOffset _reachedAt;

    public ChatApi(ApiSettings settings, ApiMetrics metrics, TimeProvider time)
    {
        _settings = settings;
        _metrics = metrics;
        _time = time;
        var sender = new SocketsHttpHandler { AllowAutoRedirect = false, AutomaticDecompression = System.Net.DecompressionMethods.All };
        _client = new HttpClient(new ApiMetricsHandler(metrics, sender, CallTimeout, time)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    public string Name => _settings.Name;

    /// <summary>Whether the API asked not to be called now.</summary>
    public bool IsResting => _metrics.RetryAt is { } until && _time.GetUtcNow() < until;

    /// <summary>Asks, and gives the end of the call and what was said.</summary>
    /// <exception cref="IOException">The key cannot be read.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<(ApiCallEnd End, string? Text)> AskAsync(string question, CancellationToken cancelled)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{_settings.Url.AbsoluteUri.TrimEnd('/')}/chat/completions")
        {
            Content = new ByteArrayContent(Body(question)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.ReadKey());
        try
        {
            using var answer = await _client.SendAsync(request, cancelled);
            if (!answer.IsSuccessStatusCode)
            {
                return (EndOf((int)answer.StatusCode), null);
            }

            await using var body = await answer.Content.ReadAsStreamAsync(cancelled);
            using var json = await JsonDocument.ParseAsync(body, cancellationToken: cancelled);
            return json.RootElement.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0
                && choices[0].TryGetProperty("message", out var message) && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String
                    ? (ApiCallEnd.Success, content.GetString())
                    : (ApiCallEnd.InvalidResponse, null);
        }
        catch (JsonException)
        {
            return (ApiCallEnd.InvalidResponse, null);
        }
        catch (InvalidOperationException)
        {
            return (ApiCallEnd.InvalidResponse, null); // JSON, but of another shape
        }
        catch (HttpRequestException)
        {
            return (ApiCallEnd.NetworkError, null);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return (ApiCallEnd.Timeout, null);
        }
    }

    /// <summary>What keeps the API from being reached, or null; any answer will do. What was reached counts as reached for 30 s.</summary>
    public async Task<string?> CheckAsync(CancellationToken cancelled)
    {
        if (_time.GetUtcNow() - _reachedAt < CheckedFor)
        {
            return null;
        }

        try
        {
            using var answer = await _checker.GetAsync(_settings.Url, HttpCompletionOption.ResponseHeadersRead, cancelled);
            _reachedAt = _time.GetUtcNow();
            return null;
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _checker.Dispose();
    }

    private static ApiCallEnd EndOf(int status) => status switch
    {
        429 => ApiCallEnd.RateLimited,
        401 or 403 => ApiCallEnd.AuthenticationError,
        >= 400 and < 500 => ApiCallEnd.ClientError,
        >= 500 => ApiCallEnd.ServerError,
        _ => ApiCallEnd.InvalidResponse,
    };

    private byte[] Body(string question)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("model", _settings.Model);
            json.WriteNumber("max_tokens", 300);
            json.WriteStartArray("messages");
            json.WriteStartObject();
            json.WriteString("role", "user");
            json.WriteString("content", Encoding.UTF8.GetBytes(question));
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
