using System.Text;
using RunnerMetrics.EndToEnd.Tests.Dashboards;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.AutomationPlatform;

/// <summary>Hours of an automation platform in a real Prometheus: what its collectors showed every two minutes, stored under the times that their clock showed.</summary>
public sealed class BackfilledPlatform : IAsyncLifetime
{
    internal PrometheusServer Prometheus { get; private set; } = null!;

    internal SimulatedPlatform Platform { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists("/usr/bin/promtool") || !File.Exists("/usr/bin/prometheus"))
        {
            return; // the tests skip themselves, and say so
        }

        var cancelled = TestContext.Current.CancellationToken;
        var now = TimeProvider.System.GetUtcNow();
        Platform = new SimulatedPlatform(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, now.Minute, 0, TimeSpan.Zero));
        var folder = Directory.CreateTempSubdirectory("runner-metrics-platform-");
        try
        {
            var samples = Path.Combine(folder.FullName, "hours.txt");
            await using (var output = new StreamWriter(samples, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                await Platform.RecordAsync(output, cancelled);
            }

            await BackfilledDay.StoreAsync(samples, folder, cancelled);
            Prometheus = await PrometheusServer.StartOnHistoryAsync(
                folder, Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules", "*.yml"), cancelled);
        }
        catch
        {
            folder.Delete(recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Platform?.Dispose();
        if (Prometheus is { } prometheus)
        {
            await prometheus.DisposeAsync();
        }
    }
}
