using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;

namespace RunnerMetrics.Exporter.Watch;

/// <summary>Lets the watch judge once a second, and folds its verdicts in.</summary>
internal sealed partial class FleetWatchService(
    Fleet fleet, MetricRegistry registry, FleetOptions options, TimeProvider time, ILogger<FleetWatchService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FleetWatch(fleet, registry, options, time.GetUtcNow());
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            foreach (var verdict in watch.Judge(time.GetUtcNow()))
            {
                fleet.Apply(verdict);
                LogVerdict(logger, verdict);
            }
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The watch decided: {Verdict}")]
    private static partial void LogVerdict(ILogger logger, object verdict);
}
