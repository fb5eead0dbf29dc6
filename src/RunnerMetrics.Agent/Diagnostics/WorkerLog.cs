namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>The log of one worker process, which runs one job, over all its pages.</summary>
internal sealed class WorkerLog(ILogFolder folder, string file, DateTimeOffset startedAt, Func<WorkerLog, string?> nextPage) : IDisposable
{
    private PagedLog _log = new(folder, new LogPosition(file, 0));
    private LogHead _head = new();
    private int _askedAt = -1;

    /// <summary>The name of its first file.</summary>
    public string File { get; } = file;

    /// <summary>What it knows about its job.</summary>
    public WorkerSection Section { get; private set; } = new(startedAt);

    /// <summary>The file that is read now.</summary>
    public string Page => _log.Pages[^1];

    /// <summary>The time of the last line.</summary>
    public DateTimeOffset? LastLineAt { get; private set; }

    /// <summary>Whether the worker is visibly alive.</summary>
    public bool? IsHeld() => _log.IsHeld();

    /// <summary>Reads the existing lines.</summary>
    /// <param name="untilIdentified">Only until its job is known: lines after the job's end may be the next worker's.</param>
    public void Read(bool untilIdentified = false)
    {
        while (!(untilIdentified && Section.IsIdentified))
        {
            switch (_log.Read())
            {
                case LineRead.Line:
                    Take(_log.Line);
                    break;
                case LineRead.None when _log.IsStale:
                    Restart();
                    break;
                case LineRead.None when !TryContinue():
                    return;
            }
        }
    }

    public void Dispose() => _log.Dispose();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_head.Begins is null)
        {
            _head.Read(bytes, LogKind.Worker);
        }

        if (LogLine.TryParse(bytes, out var line))
        {
            LastLineAt = line.Time;
            Section.Read(line);
        }
        else if (_head.Begins is not null)
        {
            Section.ReadContinuation(bytes);
        }
    }

    // The folder is asked once for each of its states, if there is no file that says nothing yet.
    private bool TryContinue()
    {
        if (_askedAt == folder.Version)
        {
            return false;
        }

        var page = nextPage(this);
        if (page is { Length: > 0 })
        {
            _log.Continue(page);
            return true;
        }

        _askedAt = page is "" ? -1 : folder.Version;
        return false;
    }

    // Another file took its place.
    private void Restart()
    {
        _log.Dispose();
        _log = new PagedLog(folder, new LogPosition(File, 0));
        _head = new LogHead();
        Section = new WorkerSection(Section.StartedAt) { Until = Section.Until };
    }
}
