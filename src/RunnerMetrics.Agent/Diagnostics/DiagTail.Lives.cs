namespace RunnerMetrics.Agent.Diagnostics;

/// <content>Which process listens, which lives are over, and which logs need no further watching.</content>
internal sealed partial class DiagTail
{
    /// <summary>How many logs are watched at once; more were not written by a runner.</summary>
    private const int MostLogs = 32;

    // Two processes that begin within one second write into one file, so an ended process is watched a little longer.
    private static readonly TimeSpan WatchedAfterEnd = TimeSpan.FromMinutes(1);

    // A log that listens comes behind those that did before; in what was there when the agent came, by the times of their last lines.
    private void NoteLast(ListenerLog log)
    {
        if (log.Life is not { Listened: true } || !(log.IsAtEnd || log.IsResumed))
        {
            return;
        }

        if (log.IsNoted)
        {
            // One that continues was not the last but one.
            _last = _isLive && log.IsGrowing && _last is { IsHeld: false } ? log : _last;
            return;
        }

        log.IsNoted = true;
        if (_last is null || _isLive || (_isResumed && !log.IsResumed) || log.LastLineAt >= _last.LastLineAt)
        {
            _last = log;
        }
    }

    private void Judge(List<DiagEvent> events, bool final)
    {
        foreach (var log in _logs)
        {
            log.Look(now: final);
            if (log is { IsAtEnd: true, MayContinue: true } && (final ? !log.IsHeld : log.IsUnheld))
            {
                TryEmptyPage(log, events, final);
            }
        }

        if (_last is { IsBacked: false } && _logs.Find(log => log is { IsHeld: true, Listens: true, Life.Listened: true }) is { } living)
        {
            // If the clock was set, the times in the logs do not show which process listened last; which one is alive does.
            _last = living;
        }

        if (!IsAllRead)
        {
            // An unassigned page may belong to any of them, and show that its process is alive.
            return;
        }

        foreach (var log in _logs)
        {
            if (!log.IsAtEnd || log.Life is { Stopped: true } || !(log.Listens || log.HasJob))
            {
                continue;
            }

            if (IsSucceeded(log) && (final ? !log.IsBacked : log.IsFree))
            {
                Supersede(log, events);
            }
            else if (log.IsGone)
            {
                log.EndLife(events, Now(), "The listener was killed: its log has no last line.");
            }
            else if (log.IsFromElsewhere && log.IsFree && !final && !_folder.HasListener())
            {
                log.EndLife(events, Now(), "The machine or the container was restarted, but the listener was not: its log has no last line.");
            }
        }
    }

    private bool IsSucceeded(ListenerLog log) =>
        _last is not null && _last != log && log.Life is not { Listened: false };

    private void Supersede(ListenerLog log, List<DiagEvent> events)
    {
        var at = _last!.Life!.StartedAt;
        log.Supersede(events, log.LastLineAt > at ? log.LastLineAt.Value : at);
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(_time.GetUtcNow().ToUnixTimeSeconds());

    // The ended first, then the ones that were silent for longest.
    private void Retire(List<DiagEvent> events)
    {
        foreach (var log in _logs.Where(IsRetired).ToList())
        {
            Remove(log);
        }

        while (_logs.Count > MostLogs && _logs.Where(log => log.IsAtEnd && log != _last)
            .OrderBy(log => log.Listens).ThenBy(log => log.HasJob || log.IsBacked).ThenBy(log => log.ActiveAt).FirstOrDefault() is { } oldest)
        {
            oldest.Look(now: true);
            if (oldest.Life is not { Stopped: true } && IsSucceeded(oldest) && !oldest.IsBacked)
            {
                Supersede(oldest, events);
            }

            Remove(oldest);
        }
    }

    private bool IsRetired(ListenerLog log) =>
        log.IsAtEnd && log.IsOver && log != _last && _time.GetElapsedTime(log.ActiveAt) > WatchedAfterEnd;

    private void Remove(ListenerLog log)
    {
        _files.NoteDone(log.Pages);
        _logs.Remove(log);
        log.Dispose();
    }
}
