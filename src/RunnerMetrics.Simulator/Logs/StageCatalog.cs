using System.Collections.Frozen;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>What a process logs, by stage, read from the text that stands beside this file.</summary>
internal sealed class StageCatalog
{
    private readonly FrozenDictionary<string, StageMessage[]> _stages;

    private StageCatalog(string text) => _stages = Parse(text).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The listener's stages.</summary>
    public static StageCatalog Listener { get; } = new(EmbeddedText.Read("Listener.stages.txt"));

    /// <summary>The worker's stages.</summary>
    public static StageCatalog Worker { get; } = new(EmbeddedText.Read("Worker.stages.txt"));

    /// <summary>Writes all messages of a stage.</summary>
    public void Write(DiagnosticLog log, string stage, params ReadOnlySpan<(string Name, string? Value)> values)
    {
        foreach (var message in _stages[stage])
        {
            message.Write(log, values);
        }
    }

    private static Dictionary<string, StageMessage[]> Parse(string text)
    {
        var stages = new Dictionary<string, StageMessage[]>(StringComparer.Ordinal);
        foreach (var section in text.Split("=== ").Skip(1))
        {
            var name = section[..section.IndexOf('\n', StringComparison.Ordinal)];
            stages.Add(name, [.. Messages(section[(name.Length + 1)..].TrimEnd('\n')).Select(message => new StageMessage(message))]);
        }

        return stages;
    }

    // A line that names no level continues the message above it, as in the log.
    private static List<string> Messages(string section)
    {
        var messages = new List<string>();
        foreach (var line in section.Split('\n'))
        {
            if (line.StartsWith("[INFO ", StringComparison.Ordinal) || line.StartsWith("[WARN ", StringComparison.Ordinal)
                || line.StartsWith("[ERR  ", StringComparison.Ordinal) || line.StartsWith("{{?", StringComparison.Ordinal))
            {
                messages.Add(line);
            }
            else
            {
                messages[^1] += "\n" + line;
            }
        }

        return messages;
    }
}
