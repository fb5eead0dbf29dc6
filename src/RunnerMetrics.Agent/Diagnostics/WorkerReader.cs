namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The worker's logs as one stream of sections, a section a job, read only as far as the listener's log asks: a month of logs costs the
/// memory of one section.
/// </summary>
internal sealed class WorkerReader(ILineSource source)
{
    // The listener and the worker round their clocks down to the second each for itself, and a clock may be set back a little.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    private bool _inHead;
    private LogPosition _headStart;
    private DateTimeOffset? _headTime;
    private WorkerSection? _current;
    private WorkerSection? _following;

    /// <summary>From where to read again to have what is not used up yet.</summary>
    public LogPosition Resume => _current?.Start ?? (_inHead ? _headStart : source.Next);

    /// <summary>
    /// The section of a job that began at a moment. The workers of one runner run one after another, so the first section from that
    /// moment on is the job's, or the job has none.
    /// </summary>
    /// <returns>Whether the answer will not change: where it is <see langword="false"/>, more of the log may still be written.</returns>
    public bool TryFind(Guid job, DateTimeOffset startedAt, out WorkerSection? section)
    {
        section = null;
        while (true)
        {
            if (_current is { } current && (current.IsIdentified || _following is not null))
            {
                if (current.StartedAt >= startedAt - Tolerance && current.IsIdentified)
                {
                    section = current.JobId == job ? current : null;
                    return true;
                }

                Release();
            }
            else if (!ReadLine())
            {
                return false;
            }
        }
    }

    /// <summary>Reads what there is of the section at hand.</summary>
    /// <param name="until">Where the job is known to be over: when. What was written later is no word of its worker's.</param>
    public void ReadSection(DateTimeOffset? until = null)
    {
        if (_current is not null && until is { } over)
        {
            _current.Until = over + Tolerance;
        }

        while (ReadLine())
        {
        }
    }

    /// <summary>The section at hand is used up.</summary>
    public void Release()
    {
        _current = _following;
        _following = null;
    }

    private bool ReadLine()
    {
        if (_following is not null)
        {
            return false;
        }

        switch (source.Read())
        {
            case LineRead.None:
                return false;
            case LineRead.Line:
                Read(source.Line);
                break;
        }

        return true;
    }

    private void Read(ReadOnlySpan<byte> bytes)
    {
        if (source.Start.Offset == 0)
        {
            _inHead = true;
            _headStart = source.Start;
            _headTime = null;
        }

        if (!LogLine.TryParse(bytes, out var line))
        {
            if (!_inHead)
            {
                _current?.ReadContinuation(bytes);
            }

            return;
        }

        if (_inHead)
        {
            _headTime ??= line.Time;
            if (IsPreamble(line.Component))
            {
                return;
            }

            _inHead = false;
            if (IsBeginning(line))
            {
                Begin(new WorkerSection(_headStart, _headTime.Value));
            }
        }

        (_following ?? _current)?.Read(line);
    }

    private void Begin(WorkerSection section)
    {
        if (_current is null)
        {
            _current = section;
        }
        else
        {
            _following = section;
        }
    }

    // A worker begins a file of its own, and says what it is before any text of a stranger's can come: further down, the same words are
    // somebody's step name. A file that begins otherwise goes on with the page before it.
    private static bool IsBeginning(in LogLine line) =>
        line.Component.SequenceEqual("Worker"u8)
        && (line.Text.StartsWith("Version: "u8) || line.Text.StartsWith("Waiting to receive the job message"u8) || line.Text.StartsWith("Job message:"u8));

    private static bool IsPreamble(ReadOnlySpan<byte> component) =>
        component.SequenceEqual("HostContext"u8) || component.SequenceEqual("ConfigurationStore"u8)
        || component.SequenceEqual("CredentialManager"u8) || component.SequenceEqual("RSAFileKeyManager"u8);
}
