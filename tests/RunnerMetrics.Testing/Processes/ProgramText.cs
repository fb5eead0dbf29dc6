using System.Text;

namespace RunnerMetrics.Testing;

/// <summary>What a program has written to one of its streams so far, read as it comes: a pipe that nobody reads would stop the program once it is full.</summary>
internal sealed class ProgramText
{
    private readonly StringBuilder _text = new();

    public ProgramText(StreamReader reader, CancellationToken stop) => Ended = ReadAsync(reader, stop);

    /// <summary>Done when nothing more will come.</summary>
    public Task Ended { get; }

    public string Text
    {
        get
        {
            lock (_text)
            {
                return _text.ToString();
            }
        }
    }

    /// <summary>Its lines; one that is half written only when nothing more will come.</summary>
    public IEnumerable<string> Lines
    {
        get
        {
            var isAll = Ended.IsCompleted;
            var lines = Text.Split('\n');
            return (isAll ? lines : lines[..^1]).Select(line => line.TrimEnd('\r'));
        }
    }

    private async Task ReadAsync(StreamReader reader, CancellationToken stop)
    {
        using var _ = reader;
        var buffer = new char[4096];
        try
        {
            while (await reader.ReadAsync(buffer, stop) is var read and > 0)
            {
                lock (_text)
                {
                    _text.Append(buffer, 0, read);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the rest.
        }
    }
}
