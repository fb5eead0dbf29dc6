using System.Text;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>One message of a stage: where it comes from, and its text with places for values.</summary>
internal sealed class StageMessage
{
    private readonly string? _condition;
    private readonly string _origin;
    private readonly string[] _parts;

    /// <param name="template">For example <c>{{?ephemeral}}[INFO JobDispatcher] Start renew job request {{request_id}}.</c></param>
    public StageMessage(string template)
    {
        if (template.StartsWith("{{?", StringComparison.Ordinal))
        {
            var end = template.IndexOf("}}", StringComparison.Ordinal);
            _condition = template[3..end];
            template = template[(end + 2)..];
        }

        var close = template.IndexOf("] ", StringComparison.Ordinal);
        _origin = template[1..close];

        // Even parts are text, odd ones are names of values.
        _parts = template[(close + 2)..].Split(["{{", "}}"], StringSplitOptions.None);
    }

    /// <summary>Writes the message, unless its condition has no value.</summary>
    /// <exception cref="InvalidOperationException">A value that the text needs was not given.</exception>
    public void Write(DiagnosticLog log, ReadOnlySpan<(string Name, string? Value)> values)
    {
        if (_condition is not null && Find(values, _condition) is null)
        {
            return;
        }

        if (_parts.Length == 1)
        {
            log.Write(_origin, _parts[0]);
            return;
        }

        var text = new StringBuilder();
        for (var i = 0; i < _parts.Length; i++)
        {
            text.Append(i % 2 == 0
                ? _parts[i]
                : Find(values, _parts[i]) ?? throw new InvalidOperationException($"The message '{_parts[0]}' needs a value for '{_parts[i]}'."));
        }

        log.Write(_origin, text.ToString());
    }

    private static string? Find(ReadOnlySpan<(string Name, string? Value)> values, string name)
    {
        foreach (var (candidate, value) in values)
        {
            if (candidate == name)
            {
                return value;
            }
        }

        return null;
    }
}
