using System.Net;

namespace RunnerMetrics.Benchmarks;

/// <summary>Debian's Pushgateway, serving what was pushed to it.</summary>
internal sealed class Pushgateway(ChildProcess process, int port) : IDisposable
{
    public Uri Url { get; } = new($"http://127.0.0.1:{port}/metrics");

    /// <summary>Pushes a text exposition; the gateway's own process families would clash with the exporter's, so those are left out.</summary>
    public async Task PushAsync(string file)
    {
        using var client = new HttpClient();
        var text = string.Join('\n', File.ReadLines(file).Where(line => !IsOwn(line))) + "\n";
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var content = new StringContent(text);
                using var response = await client.PutAsync(new Uri($"http://127.0.0.1:{port}/metrics/job/bench"), content);
                if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted)
                {
                    return;
                }

                throw new InvalidOperationException($"Pushgateway refused: {await response.Content.ReadAsStringAsync()}");
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(50);
            }
        }
    }

    public void Dispose() => process.Dispose();

    private static bool IsOwn(string line)
    {
        var name = line.StartsWith('#') ? line.Split(' ')[2] : line;
        return name.StartsWith("process_", StringComparison.Ordinal) || name.StartsWith("dotnet_", StringComparison.Ordinal);
    }
}
