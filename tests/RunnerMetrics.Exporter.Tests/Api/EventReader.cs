using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>Hears the stream of events as a browser does, line by line.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpClient _client;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpClient client, HttpResponseMessage response, Stream stream) => (_client, _response, _lines) = (client, response, new StreamReader(stream));

    /// <summary>The id of the last event that was heard.</summary>
    public string LastId { get; private set; } = "";

    public static async Task<EventReader> ConnectAsync(Uri exporter, string? lastId = null, AuthenticationHeaderValue? token = null)
    {
        var client = new PatientHttpClient { BaseAddress = exporter };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events");
        request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        request.Headers.Authorization = token;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, RunningExporter.Cancelled);
        response.EnsureSuccessStatusCode();
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new EventReader(client, response, await response.Content.ReadAsStreamAsync(RunningExporter.Cancelled));
    }

    /// <summary>The next event: its kind and its data; null where the stream ended.</summary>
    public async Task<(string Kind, string Data)?> NextAsync()
    {
        using var limit = Patience.LimitedBy(RunningExporter.Cancelled);
        var (kind, data) = ("", "");
        while (await _lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0 && kind.Length > 0)
            {
                return (kind, data);
            }

            kind = line.StartsWith("event: ", StringComparison.Ordinal) ? line["event: ".Length..] : kind;
            data = line.StartsWith("data: ", StringComparison.Ordinal) ? line["data: ".Length..] : data;
            LastId = line.StartsWith("id: ", StringComparison.Ordinal) ? line["id: ".Length..] : LastId;
        }

        return null;
    }

    public async Task<string[]> NextKindsAsync(int count)
    {
        List<string> kinds = [];
        while (kinds.Count < count)
        {
            kinds.Add((await NextAsync())!.Value.Kind);
        }

        return [.. kinds];
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _client.Dispose();
    }
}
