using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent;

/// <summary>
/// Reads the logs again and again, and puts what they tell into the spool, which is delivered beside it. While the spool takes nothing, because
/// the disk is full or the spool is, one round of events waits in memory and the rest in the logs.
/// </summary>
internal sealed class AgentLoop(
    AgentOptions options,
    DiagTail tail,
    HookReader? hooks,
    EventSpool spool,
    EventFactory events,
    Deliverer deliverer,
    TimeProvider time,
    ILogger logger)
{
    // Few enough that a month of logs never stands in memory as events.
    private const int LargestRound = 500;

    private readonly List<DiagEvent> _happened = [];
    private readonly List<Event> _round = [];
    private readonly List<Event> _reports = [];
    private readonly RunnerNews _news = new(options.RunnerName, logger);

    public async Task<int> RunAsync(HeartbeatSender heartbeats, CancellationToken stop)
    {
        AgentLog.Following(logger, options.Diag, options.RunnerType, options.Hooks ?? "not given", options.Collector, options.Spool);
        using var ended = new CancellationTokenSource();
        var delivery = deliverer.RunAsync(ended.Token);
        using var timer = new PeriodicTimer(options.PollInterval, time);
        try
        {
            do
            {
                if (!ReadRound())
                {
                    heartbeats.Beat(tail.LivingLife, ended.Token);
                }
            }
            while (!delivery.IsCompleted && await timer.WaitForNextTickAsync(stop));

            await delivery;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The last lines before the end, and what waits, as far as there is time.
            ReadRound();
            await StopAsync(delivery, ended);
            await FlushAsync();
            AgentLog.Stopped(logger, spool.Waiting + _round.Count + _reports.Count);
        }
        finally
        {
            await StopAsync(delivery, ended);
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
                await deliverer.DrainAllAsync(ended.Token);
                if (_round.Count + _reports.Count > 0 && !spool.IsReady())
                {
                    AgentLog.NotSpooled(logger, options.Spool);
                    return ExitCode.Failed;
                }

                // The limit is for a collector that is away, not for a long history.
                limit.CancelAfter(patience);
            }
            while (more || _round.Count + _reports.Count > 0);
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
        catch (Exception failure) when (failure is not RunnerUnknownException)
        {
            AgentLog.RoundFailed(logger, failure);
            return true;
        }
    }

    // Whether there is more to read.
    private bool Read(bool final)
    {
        var more = true;
        if (_round.Count < LargestRound)
        {
            more = tail.Read(_happened, LargestRound - _round.Count, final);
            if (tail.Life is not null)
            {
                _news.Note(events.RunnerOf(tail.Life));
            }

            ReadHooks(final);
            _round.AddRange(_happened.Select(happened => events.From(hooks?.Enrich(happened) ?? happened)));
            _happened.Clear();
        }

        if (spool.IsReady())
        {
            TryAppend();
        }

        hooks?.Answer(!more && _round.Count + _reports.Count == 0 && spool.Waiting == 0);
        return more;
    }

    private void ReadHooks(bool final)
    {
        if (hooks is not null)
        {
            _reports.AddRange(hooks.Refresh(takesReports: (tail.Life is not null || final) && events.RunnerOf(tail.Life) is not null).Select(report => events.From(report, tail.Life)));
        }
    }

    private void TryAppend()
    {
        try
        {
            // The reports last, where the spool knows them again after a crash.
            spool.Append([.. _round, .. _reports], tail.Checkpoint);
            _round.Clear();
            _reports.Clear();
            hooks?.Settle();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The spool has said so; the same events are given to it again.
        }
    }

    private async Task FlushAsync()
    {
        using var limit = new CancellationTokenSource(options.FlushTimeout, time);
        try
        {
            await deliverer.DrainAsync(limit.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or UnauthorizedAccessException or Hosting.Folders.StorageException)
        {
            // It stays in the spool.
        }
    }

    private static async Task StopAsync(Task delivery, CancellationTokenSource ended)
    {
        await ended.CancelAsync();
        await delivery.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
