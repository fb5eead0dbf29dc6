namespace RunnerMetrics.Agent.Diagnostics;

/// <content>Which file belongs to which process: a file that begins a process is a log, every other is a page of a log.</content>
internal sealed partial class DiagTail
{
    // If one waits for its worker's log, its last line is not known yet.
    private bool IsAllRead => _logs.TrueForAll(log => log.IsAtEnd || !log.MayContinue);

    private bool ReadAll(List<DiagEvent> events, int limit, bool final)
    {
        foreach (var log in _logs.ToArray())
        {
            if (log.Read(events, limit, final))
            {
                return true;
            }

            NoteLast(log);
        }

        var pages = new List<string>();
        foreach (var name in _files.New())
        {
            var more = false;
            switch (_files.Begins(name))
            {
                case null:
                    _files.Postpone(name);
                    break;
                case true:
                    more = Follow(name, hasBeginning: true, events, limit, final);
                    break;
                case false when !TryPlace(name, LogPages.AtOnce, events, limit, final, out more):
                    pages.Add(name);
                    break;
            }

            if (more)
            {
                return true;
            }
        }

        // What is left follows on a log that is read only now, because the clock was set back. A page that continues no log has lost its beginning.
        for (var i = 0; i < pages.Count; i++)
        {
            if (TryPlace(pages[i], LogPages.AtOnce, events, limit, final, out var more))
            {
                pages.RemoveAt(i);
                i = -1;
            }

            if (more)
            {
                return true;
            }
        }

        foreach (var name in pages)
        {
            if (!TryPlace(name, LogPages.Longest, events, limit, final, out var more) && IsAllRead)
            {
                more = Follow(name, hasBeginning: false, events, limit, final);
            }

            if (more)
            {
                return true;
            }
        }

        return false;
    }

    private bool Follow(string name, bool hasBeginning, List<DiagEvent> events, int limit, bool final)
    {
        _files.Take(name);
        var log = new ListenerLog(
            _settings, _folder, new ListenerPlace(new LogPosition(name, 0), null, null, false), _workers, isNew: _isLive, _time)
        {
            HasBeginning = hasBeginning,
        };
        _logs.Add(log);
        var more = log.Read(events, limit, final);
        NoteLast(log);
        Retire(events);
        return more;
    }

    // Whether the page belongs to a log; more: whether reading paused in it.
    private bool TryPlace(string page, TimeSpan within, List<DiagEvent> events, int limit, bool final, out bool more)
    {
        more = false;
        if (OwnerOf(page, within) is not { } owner)
        {
            return false;
        }

        _files.Take(page);
        owner.Continue(page);
        more = owner.Read(events, limit, final);
        NoteLast(owner);
        return true;
    }

    // No process holds two. The next page is about the same job, unless pages between are gone; what listens writes more than what tries to; the next page is
    // made in the moment of the last line.
    private ListenerLog? OwnerOf(string page, TimeSpan within)
    {
        var candidates = !IsAllRead ? [] : _logs.Where(log => log.MayContinue && LogPages.Distance(page, log.LastLineAt) <= within && log.SeeHeld() is not true).ToList();
        if (candidates.Count == 0)
        {
            return null;
        }

        var job = _files.JobOf(page);
        return candidates.Where(log => within > LogPages.AtOnce || log.CanContinueWith(job))
            .OrderByDescending(log => log.CanContinueWith(job))
            .ThenByDescending(log => log.Life is not { Listened: false })
            .ThenBy(log => LogPages.Distance(page, log.LastLineAt))
            .ThenByDescending(log => log.Pages[^1], StringComparer.Ordinal)
            .FirstOrDefault();
    }

    // A page is made when the one before is full, and stays empty until there is something to say. It belongs to the log that no process holds any more.
    private void TryEmptyPage(ListenerLog log, List<DiagEvent> events, bool final)
    {
        if (_files.TakeEmpty(name => OwnerOf(name, LogPages.AtOnce) == log) is { } page)
        {
            log.Continue(page);
            log.Read(events, int.MaxValue, final);
            log.Look(now: true);
        }
    }
}
