namespace RunnerMetrics.AutomationWorker.Programs;

/// <summary>The last lines that a program wrote. Any thread may add.</summary>
internal sealed class OutputTail
{
    private const int MaxCharacters = 64 * 1024;
    private const int MaxLine = 4 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = [];
    private int _characters;

    public void Add(string? line)
    {
        if (line is null)
        {
            return; // the end
        }

        var kept = line.Length > MaxLine ? line[..MaxLine] : line;
        lock (_gate)
        {
            _lines.Enqueue(kept);
            _characters += kept.Length + 1;
            while (_characters > MaxCharacters)
            {
                _characters -= _lines.Dequeue().Length + 1;
            }
        }
    }

    public override string ToString()
    {
        lock (_gate)
        {
            return string.Join('\n', _lines);
        }
    }
}
