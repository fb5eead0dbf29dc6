using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Local;

/// <summary><c>runner-metrics-exporter health</c>: asks the exporter that runs here for <c>/health</c>, for images without another HTTP client.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <param name="options">The exporter's options from the environment; its arguments are not known here.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>0 if it answers, else 1.</returns>
    public static async Task<int> RunAsync(ExporterOptions options, CancellationToken stop)
    {
        var url = new Uri(LocalExporter.AddressOf(options), "/health");
        try
        {
            using var client = await LocalExporter.ConnectAsync(options, Deadline, stop);
            using var answer = await client.GetAsync(url, stop);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (LocalExporter.IsAway(failure))
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {failure.Message}");
            return 1;
        }
    }
}
