namespace RunnerMetrics.Agent.Hooks;

/// <summary>Answers hooks that wait, each by a file beside its own, once the collector has all that was known when they came.</summary>
internal sealed class HookAnswers(HookFolder folder, TimeProvider time)
{
    public const string Ending = ".ack";

    // Hooks wait for 5 s; a much later answer is not read.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly List<(string Name, long Since)> _waiting = [];
    private readonly Queue<(string Name, long Since)> _given = new();

    /// <summary>A hook waits, which left this file just now.</summary>
    public void Add(string name, HookReport report)
    {
        if (report.Waits && (time.GetUtcNow() - report.At).Duration() < Longest && _waiting.Count < HookFolder.MostFiles)
        {
            _waiting.Add((name, time.GetTimestamp()));
        }
    }

    /// <summary>Looks after those who wait.</summary>
    /// <param name="isDelivered">Whether nothing waits for the collector any more.</param>
    public void Answer(bool isDelivered)
    {
        _waiting.RemoveAll(hook => time.GetElapsedTime(hook.Since) > Longest);
        while (_given.TryPeek(out var read) && time.GetElapsedTime(read.Since) > Longest)
        {
            folder.Remove(_given.Dequeue().Name);
        }

        if (!isDelivered)
        {
            return;
        }

        foreach (var (name, _) in _waiting)
        {
            var answer = Path.GetFileNameWithoutExtension(name) + Ending;
            folder.Create(answer);
            _given.Enqueue((answer, time.GetTimestamp()));
        }

        _waiting.Clear();
    }
}
