using System.Threading.Channels;

namespace RunnerMetrics.Exporter.Commits;

/// <summary>
/// The waiting submissions, in groups that become durable together. On a slow disk a group waits a moment for the callers that were just answered: else they would miss it, and each
/// event would take two fsyncs instead of one.
/// </summary>
internal sealed class SubmissionQueue(TimeProvider diskTime)
{
    /// <summary>How many entries, and how many bytes, end a group: with the last submission it stays far below what one commit can hold.</summary>
    private const int LargestGroup = 20_000, LargestGroupBytes = 16 * 1024 * 1024;

    /// <summary>How much of the last write's time the next one waits for callers that were just answered.</summary>
    private const double ShareOfAWrite = 0.25;

    /// <summary>A timer is not finer; a disk that is as fast as this needs no wait.</summary>
    private static readonly TimeSpan ShortestMoment = TimeSpan.FromMilliseconds(1), LongestMoment = TimeSpan.FromMilliseconds(5);

    private readonly Channel<Submission> _waiting = Channel.CreateUnbounded<Submission>();
    private readonly List<Submission> _group = [];
    private int _entries;
    private int _expected;
    private long _answeredAt;

    /// <summary>The group that is being written, or was last.</summary>
    public IReadOnlyList<Submission> Group => _group;

    /// <summary>How many bytes its entries have, about.</summary>
    public long GroupBytes { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => _waiting.Reader.Count == 0;

    private bool IsFull => _entries >= LargestGroup || GroupBytes >= LargestGroupBytes;

    /// <summary>Adds a submission; false if none is taken any more.</summary>
    public bool TryAdd(Submission submission) => _waiting.Writer.TryWrite(submission);

    /// <summary>Takes no more.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Waits for a submission; false when no more can come.</summary>
    public ValueTask<bool> WaitAsync() => _waiting.Reader.WaitToReadAsync();

    /// <summary>Makes a group of those who wait.</summary>
    /// <param name="lastWrite">How long the last write took.</param>
    public async Task GatherAsync(TimeSpan lastWrite)
    {
        (_entries, GroupBytes) = (0, 0);
        _group.Clear();
        Take();
        var moment = lastWrite * ShareOfAWrite;
        var left = (moment < LongestMoment ? moment : LongestMoment) - diskTime.GetElapsedTime(_answeredAt);
        if (moment < ShortestMoment || left <= TimeSpan.Zero || _group.Count >= _expected)
        {
            return;
        }

        using var limit = new CancellationTokenSource(left, diskTime);
        try
        {
            while (!IsFull && _group.Count < _expected && await _waiting.Reader.WaitToReadAsync(limit.Token))
            {
                Take();
            }
        }
        catch (OperationCanceledException)
        {
            // They do not come.
        }
    }

    /// <summary>
    /// The group is about to be answered, and those who are in it may come again at once. Called before they are answered: one who has come again already would be counted twice,
    /// and waited for in vain.
    /// </summary>
    public void Expect()
    {
        _expected = _group.Count + _waiting.Reader.Count;
        _answeredAt = diskTime.GetTimestamp();
    }

    private void Take()
    {
        while (!IsFull && _waiting.Reader.TryRead(out var submission))
        {
            _group.Add(submission);
            _entries += submission.Items.Count;
            GroupBytes += submission.Bytes;
        }
    }
}
