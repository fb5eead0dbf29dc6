namespace RunnerMetrics.Exporter.GitHub;

/// <summary>The answers that are kept, up to a limit of memory; those that were not asked for the longest give way.</summary>
internal sealed class KnownAnswers
{
    private const long MostBytes = 8 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Path, KnownAnswer Answer)>> _answers = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Path, KnownAnswer Answer)> _inOrder = [];
    private long _bytes;

    /// <summary>What is known of a path; null where nothing is.</summary>
    public KnownAnswer? Find(string path)
    {
        lock (_gate)
        {
            if (!_answers.TryGetValue(path, out var known))
            {
                return null;
            }

            _inOrder.Remove(known);
            _inOrder.AddLast(known);
            return known.Value.Answer;
        }
    }

    /// <summary>Keeps an answer, in place of an earlier one.</summary>
    public void Keep(string path, KnownAnswer answer)
    {
        lock (_gate)
        {
            if (_answers.TryGetValue(path, out var before))
            {
                Drop(before);
            }

            _answers[path] = _inOrder.AddLast((path, answer));
            _bytes += answer.Bytes;
            while (_bytes > MostBytes && _inOrder.First is { } oldest)
            {
                Drop(oldest);
            }
        }
    }

    private void Drop(LinkedListNode<(string Path, KnownAnswer Answer)> known)
    {
        _inOrder.Remove(known);
        _answers.Remove(known.Value.Path);
        _bytes -= known.Value.Answer.Bytes;
    }
}
