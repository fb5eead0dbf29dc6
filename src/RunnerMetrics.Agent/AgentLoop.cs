using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent;

/// <summary>Reads the logs again and again, and hands what they tell to the delivery, which goes on beside it.</summary>
internal sealed class AgentLoop(
    AgentOptions options,
    DiagTail tail,
    Outbox outbox,
    EventFactory events,
    Deliverer deliverer,
    TimeProvider time,
    ILogger logger)
{
    // Few enough that a month of logs never stands in memory as events.
    private const int LargestRound = 1000;

    private readonly List<DiagEvent> _happened = [];
    private DiagCheckpoint? _place;

    public async Task<int> RunAsync(HeartbeatSender heartbeats, CancellationToken stop)
    {
        AgentLog.Following(logger, options.Diag, options.RunnerName, options.RunnerType, options.Collector);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var delivery = deliverer.RunAsync(ended.Token);
        using var timer = new PeriodicTimer(options.PollInterval, time);
        try
        {
            do
            {
                if (!ReadRound())
                {
                    heartbeats.Beat(tail.Life, ended.Token);
                }
            }
            while (!delivery.IsCompleted && await timer.WaitForNextTickAsync(stop));

            await delivery;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            AgentLog.Stopped(logger);
        }
        finally
        {
            await ended.CancelAsync();
            await delivery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Done;
    }

    public async Task<int> RunOnceAsync(TimeSpan patience, CancellationToken stop)
    {
        if (!Directory.Exists(options.Diag))
        {
            AgentLog.NoDiag(logger, options.Diag);
            return ExitCode.Failed;
        }

        using var limit = new CancellationTokenSource(patience, time);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            bool more;
            do
            {
                more = Read(final: true);
                await deliverer.DrainAsync(ended.Token);

                // The limit is for a collector that is away, not for a long history.
                limit.CancelAfter(patience);
            }
            while (more);
            return ExitCode.Done;
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            AgentLog.NotDelivered(logger, options.Collector, patience.TotalSeconds);
            return ExitCode.Failed;
        }
    }

    // The boundary of the loop: whatever a round meets, the next one is tried.
    private bool ReadRound()
    {
        try
        {
            return Read(final: false);
        }
        catch (Exception failure)
        {
            AgentLog.RoundFailed(logger, failure);
            return true;
        }
    }

    private bool Read(bool final)
    {
        var room = Math.Min(outbox.Room, LargestRound);
        if (room == 0)
        {
            return true;
        }

        var more = tail.Read(_happened, room, final);
        var place = tail.Checkpoint;
        if (_happened.Count > 0 || place != _place)
        {
            outbox.Add(_happened.ConvertAll(events.From), place);
            _happened.Clear();
            _place = place;
        }

        return more;
    }
}
