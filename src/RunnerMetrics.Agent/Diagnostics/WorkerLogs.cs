namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Finds the log of a job's worker by its content: the job's GUID, and a beginning within the time that the listener's lines of the job span.
/// A GUID comes back in later runs, and a clock can be set back, so neither is enough alone. Only files whose names are about that time are
/// opened, so that a month of logs costs no more than one job's.
/// </summary>
internal sealed class WorkerLogs(ILogFolder folder) : IDisposable
{
    /// <summary>The listener and the worker round their clocks down to the second each for itself, and a clock may be set back a little.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    // The worker of a job that runs is the first from the job's beginning on; a few are looked at in case others were left from another time.
    private const int MostOthers = 3;

    private const int MostFresh = 16;

    // Files whose job is not known, which are checked each time: a runner has no more.
    private const int MostUndecided = 16;

    // A job's message takes up a few megabytes of a file.
    private const long LongestMessage = 16 * 1024 * 1024;

    private readonly Dictionary<string, LogHead> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Guid> _jobs = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _fresh = [];
    private readonly List<WorkerLog> _open = [];
    private int _version = -1;

    /// <summary>The log of a job's worker; it belongs to no other job then.</summary>
    /// <param name="job">The job's GUID.</param>
    /// <param name="from">The earliest time at which it can have begun.</param>
    /// <param name="to">The latest one, if the job is over.</param>
    /// <param name="mayCome">If there is none: whether there may be one soon.</param>
    public WorkerLog? Find(Guid job, DateTimeOffset from, DateTimeOffset? to, out bool mayCome)
    {
        mayCome = true;
        NoteFresh();
        var names = folder.Names(LogKind.Worker);
        var (others, undecided) = (0, 0);
        for (var i = LogName.IndexOf(names, LogKind.Worker, from); i < names.Length && others < MostOthers && undecided < MostUndecided; i++)
        {
            var name = names[i];
            if (LogName.Time(name) > to)
            {
                break;
            }

            if (_taken.Contains(name))
            {
                continue;
            }

            var head = HeadOf(name);
            if (head is not { Begins: true, At: { } at } || JobOf(name) is not { } found)
            {
                undecided += head?.Begins is false ? 0 : 1;
                continue;
            }

            if (found == job && at >= from && (to is null || at <= to))
            {
                return Take(name, at);
            }

            if (to is null)
            {
                others++;

                // The workers of one runner run one after another.
                mayCome &= at < from + (2 * Tolerance);
            }
        }

        // The clock was set between the listener's line and the worker's first.
        foreach (var name in _fresh)
        {
            if (!_taken.Contains(name) && HeadOf(name) is { Begins: true, At: { } at } && JobOf(name) == job && (to is null || (at >= from && at <= to)))
            {
                return Take(name, at);
            }
        }

        return null;
    }

    /// <summary>A job is over.</summary>
    /// <param name="log">Its worker's log.</param>
    /// <param name="isOthers">Whether it belongs to a later job.</param>
    public void Release(WorkerLog log, bool isOthers)
    {
        log.Dispose();
        _open.Remove(log);
        if (isOthers)
        {
            _taken.Remove(log.File);

            // It was there before a job that comes now.
            _fresh.Remove(log.File);
        }
    }

    public void Dispose() => _open.ForEach(log => log.Dispose());

    private WorkerLog Take(string name, DateTimeOffset at)
    {
        _taken.Add(name);
        var log = new WorkerLog(folder, name, at, NextPage);
        _open.Add(log);
        return log;
    }

    private string? NextPage(WorkerLog log)
    {
        var next = NextPage(log.Page, [log.Page, log.File], log.LastLineAt);
        if (next is { Length: > 0 })
        {
            _taken.Add(next);
        }

        return next;
    }

    // A page follows at once on the line that filled the one before. Where another worker began in between, there is none; an empty name: it is not
    // known yet.
    private string? NextPage(string page, HashSet<string> passed, DateTimeOffset? lastLineAt)
    {
        var names = folder.Names(LogKind.Worker);
        var from = LogName.Time(page) is not null && lastLineAt is { } last
            ? LogName.IndexOf(names, LogKind.Worker, last - Tolerance)
            : names.BinarySearch(page, StringComparer.Ordinal) + 1;
        for (var i = Math.Max(0, from); i < names.Length; i++)
        {
            var name = names[i];
            if (passed.Contains(name) || _taken.Contains(name))
            {
                continue;
            }

            switch (HeadOf(name)?.Begins)
            {
                case false when LogPages.Distance(name, lastLineAt) <= LogPages.AtOnce:
                    return name;
                case null when LogPages.Distance(name, lastLineAt) <= Tolerance && IsBeforePage(names[(i + 1)..]):
                    // Full of lines that every process could begin with; the page behind it says that it is one.
                    return name;
                case null:
                    return "";
                default:
                    return null;
            }
        }

        return null;
    }

    private bool IsBeforePage(ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (HeadOf(name)?.Begins is { } begins)
            {
                return !begins;
            }
        }

        return false;
    }

    private LogHead? HeadOf(string name)
    {
        if (_heads.TryGetValue(name, out var known))
        {
            return known;
        }

        using var file = folder.Open(name, 0);
        var head = file is null ? null : LogHead.Of(file, LogKind.Worker);
        if (head?.Begins is not null)
        {
            _heads.Add(name, head);
        }

        return head;
    }

    // Of a worker whose log begins with the file. The message that says so is the longest of all, and may fill a page by itself.
    private Guid? JobOf(string name)
    {
        if (_jobs.TryGetValue(name, out var known))
        {
            return known;
        }

        using var first = folder.Open(name, 0);
        if (first is null || LogHead.Of(first, LogKind.Worker) is not { Begins: true, At: { } at })
        {
            return null;
        }

        // The line that told what the file is counts too.
        var section = new WorkerSection(at);
        DateTimeOffset? lastLineAt = Read(first, section, at);

        // No page is read twice, because two that follow each other would be read for ever.
        var passed = new HashSet<string>(StringComparer.Ordinal) { name };
        for (var page = name; JobOf(section) is null && NextPage(page, passed, lastLineAt) is { Length: > 0 } next && passed.Add(next); page = next)
        {
            using var more = folder.Open(next, 0);
            if (more is null || !more.Read())
            {
                break;
            }

            lastLineAt = Read(more, section, lastLineAt);
        }

        if (JobOf(section) is { } job)
        {
            _jobs.Add(name, job);
        }

        return JobOf(section);
    }

    private static DateTimeOffset? Read(ILogFile file, WorkerSection section, DateTimeOffset? lastLineAt)
    {
        do
        {
            if (LogLine.TryParse(file.Line, out var line))
            {
                lastLineAt = line.Time;
                section.Read(line);
            }
            else
            {
                section.ReadContinuation(file.Line);
            }
        }
        while (JobOf(section) is null && file.Read(LongestMessage));
        return lastLineAt;
    }

    private static Guid? JobOf(WorkerSection section) => section.JobId ?? section.Message.JobId;

    // New files are read whatever their names are.
    private void NoteFresh()
    {
        if (_version == folder.Version)
        {
            return;
        }

        var isFirst = _version < 0;
        _version = folder.Version;
        var names = folder.Names(LogKind.Worker);
        foreach (var name in names)
        {
            if (_seen.Add(name) && !isFirst)
            {
                _fresh.Add(name);
            }
        }

        _fresh.RemoveAll(_taken.Contains);
        if (_fresh.Count > MostFresh)
        {
            _fresh.RemoveRange(0, _fresh.Count - MostFresh);
        }

        if (_seen.Count > names.Length)
        {
            Forget(names);
        }
    }

    private void Forget(ReadOnlySpan<string> names)
    {
        var there = new HashSet<string>(names.Length, StringComparer.Ordinal);
        foreach (var name in names)
        {
            there.Add(name);
        }

        _seen.IntersectWith(there);
        _taken.IntersectWith(there);
        _fresh.RemoveAll(name => !there.Contains(name));
        foreach (var name in _heads.Keys.Where(name => !there.Contains(name)).ToList())
        {
            _heads.Remove(name);
            _jobs.Remove(name);
        }
    }
}
