using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Watch;

/// <summary>Runs the watch once a second; its decisions become durable like all other events.</summary>
internal sealed partial class FleetWatchService(
    CommitLoop commits, FleetState fleet, MetricRegistry registry, FleetOptions options, TimeProvider time, ILogger<FleetWatchService> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var watch = new FleetWatch(fleet, registry, options);
        var watchedUntil = time.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, time);
        while (await WaitAsync(timer, stoppingToken))
        {
            await commits.ProbeAsync();
            watch.Observe(time.GetElapsedTime(watchedUntil));
            watchedUntil = time.GetTimestamp();
            await DecideAsync(watch.Judge(time.GetUtcNow()));
            await NoteAsync(watch);
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
            await commits.SubmitAsync([.. verdicts.Select(CommitItem.Of)]);
            LogDecisions(verdicts);
        }
        catch (StoreUnavailableException)
        {
            // They are due again a second later.
        }
    }

    private async Task NoteAsync(FleetWatch watch)
    {
        try
        {
            if (watch.Note(time.GetUtcNow()) is { } observed)
            {
                await commits.SubmitAsync([CommitItem.Of(observed)]);
            }
        }
        catch (StoreUnavailableException)
        {
            // The next note says it.
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

    // One line a round: a fleet that makes a runner a job has two decisions a job.
    private void LogDecisions(IReadOnlyList<FleetEvent> verdicts)
    {
        const int Named = 3;
        var silent = verdicts.OfType<RunnerSilent>().Select(verdict => verdict.RunnerName).ToList();
        var forgotten = verdicts.OfType<RunnerForgotten>().Select(verdict => verdict.RunnerName).ToList();
        var givenUp = verdicts.OfType<JobGivenUp>().Select(verdict => verdict.RunnerName).ToList();
        LogVerdicts(logger, Listed(silent), Listed(forgotten), Listed(givenUp), verdicts.Count - silent.Count - forgotten.Count - givenUp.Count);

        static string Listed(List<string> names) => names.Count == 0 ? "none"
            : names.Count <= Named ? string.Join(", ", names)
            : $"{string.Join(", ", names.Take(Named))} and {names.Count - Named} more";
    }

    [LoggerMessage(1, LogLevel.Information, "Runners silent: {Silent}; forgotten: {Forgotten}; with a job given up as lost: {GivenUp}; other decisions: {Others}")]
    private static partial void LogVerdicts(ILogger logger, string silent, string forgotten, string givenUp, int others);
}
