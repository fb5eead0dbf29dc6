using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Reading;

/// <summary>
/// Reads a runner's files a round at a time, and puts what they tell into the spool. While the spool takes nothing, because the disk is full or the
/// spool is, one round of events waits in memory and the rest in the logs.
/// </summary>
internal sealed class RunnerReader(DiagTail tail, HookReader? hooks, EventSpool spool, EventFactory events, RunnerNews news, TimeProvider time) : IDisposable
{
    // Few enough that a month of logs never is in memory as events.
    private const int LargestRound = 500;

    private readonly List<DiagEvent> _happened = [];
    private readonly List<Event> _round = [];
    private readonly List<Event> _reports = [];

    /// <summary>Whether events of a round wait in memory.</summary>
    public bool HasUnspooled => _round.Count + _reports.Count > 0;

    /// <summary>The runner as the last round found it; null if no listener of a known runner can be seen to live.</summary>
    public LivingRunner? Living => tail.LivingLife is { Listened: true, Stopped: false } life && events.RunnerOf(life) is not null
        ? new LivingRunner(life.InstanceId, events.Heartbeat(life, time.GetUtcNow(), spool.Lost), time.GetTimestamp())
        : null;

    /// <summary>Continues reading.</summary>
    /// <param name="final">Whether this is the last read.</param>
    /// <returns>Whether there is more to read.</returns>
    /// <exception cref="RunnerUnknownException">Nothing says whose events they are.</exception>
    /// <exception cref="RunnerMetrics.Hosting.Folders.StorageException">The spool must be opened again.</exception>
    public bool Read(bool final)
    {
        var more = true;
        if (_round.Count < LargestRound)
        {
            more = tail.Read(_happened, LargestRound - _round.Count, final);
            if (tail.Life is not null)
            {
                news.Note(events.RunnerOf(tail.Life));
            }

            ReadHooks(final);
            _round.AddRange(_happened.Select(happened => events.From(hooks?.Enrich(happened) ?? happened)));
            _happened.Clear();
        }

        if (spool.IsReady())
        {
            TryAppend();
        }

        hooks?.Answer(!more && !HasUnspooled && spool.Waiting == 0);
        return more;
    }

    public void Dispose() => tail.Dispose();

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
            // The reports last, so that the spool recognises them after a crash.
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
}
