namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Sees that a listener is gone that wrote no last word, because it was killed: the lock on its log was held, and is no more. Where it was
/// never seen held (on a network file system, or a listener that was gone before the agent came) nothing is concluded.
/// </summary>
internal sealed class ListenerWatch(LogDirectory directory, TimeProvider time)
{
    /// <summary>Between two pages a listener holds none for a moment, so it has to be seen free twice.</summary>
    private const int Enough = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private string? _held;
    private int _free;
    private long? _lookedAt;

    /// <summary>Whether the listener is gone that wrote the last page, and the worker that wrote the last one of theirs.</summary>
    public bool IsGone()
    {
        if (directory.Names(LogKind.Listener) is not [.., var page] || (_lookedAt is { } at && time.GetElapsedTime(at) < Interval))
        {
            return false;
        }

        _lookedAt = time.GetTimestamp();
        var isHeld = IsHeld(page);
        if (isHeld is true)
        {
            _held = page;
        }

        _free = isHeld is false && page == _held ? _free + 1 : 0;
        return _free >= Enough && (directory.Names(LogKind.Worker) is not [.., var worker] || IsHeld(worker) is false);
    }

    private bool? IsHeld(string page) => FileLock.IsHeld(Path.Combine(directory.Path, page));
}
