using RunnerMetrics.Core.Events;
using RunnerMetrics.Core.Metrics;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Exporter.Journal;

namespace RunnerMetrics.Exporter.Watch;

/// <summary>Lets the watch judge once a second; its verdicts become durable like everything else.</summary>
internal sealed partial class FleetWatchService(
    CommitLoop commits, Fleet fleet, MetricRegistry registry, FleetOptions options, TimeProvider time, ILogger<FleetWatchService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FleetWatch(fleet, registry, options, time.GetUtcNow());
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await commits.ProbeAsync();
            await DecideAsync(watch.Judge(time.GetUtcNow()));
        }
    }

    private async Task DecideAsync(IReadOnlyList<FleetEvent> verdicts)
    {
        if (verdicts.Count == 0)
        {
            return;
        }

        try
        {
            await commits.SubmitAsync([.. verdicts.Select(JournalEntries.Of)]);
            foreach (var verdict in verdicts)
            {
                LogVerdict(logger, verdict.ToString());
            }
        }
        catch (JournalUnavailableException)
        {
            // They are due again a second later.
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
    private static partial void LogVerdict(ILogger logger, string verdict);
}
