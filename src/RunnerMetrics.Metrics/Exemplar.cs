using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>One observation that stands for its bucket, with where to find it (OpenMetrics 1.0.0, "Exemplars").</summary>
public sealed class Exemplar
{
    /// <summary>The maximum number of characters that the names and values of an exemplar's labels may have together (OpenMetrics 1.0.0).</summary>
    public const int MaxLabelCharacters = 128;

    private readonly byte[] _labels;

    private Exemplar(byte[] labels, double value, double timestamp)
    {
        _labels = labels;
        Value = value;
        Timestamp = timestamp;
    }

    /// <summary>Its labels in UTF-8, as OpenMetrics writes them between the braces.</summary>
    public ReadOnlySpan<byte> RenderedLabels => _labels;

    /// <summary>What was observed.</summary>
    public double Value { get; }

    /// <summary>When, in seconds since 1970.</summary>
    public double Timestamp { get; }

    /// <summary>Makes an exemplar, or null if its labels pass OpenMetrics' limit: it is left out, never truncated.</summary>
    /// <param name="value">What was observed.</param>
    /// <param name="at">When.</param>
    /// <param name="labels">Names and values; at least one, or there is nothing to find.</param>
    public static Exemplar? TryCreate(double value, DateTimeOffset at, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var characters = 0;
        foreach (var (name, text) in labels)
        {
            characters += name.Length + CodePoints(text);
        }

        return labels.IsEmpty || characters > MaxLabelCharacters
            ? null
            : new Exemplar(LabelText.Render(labels), value, at.ToUnixTimeMilliseconds() / 1000.0);
    }

    /// <summary>Restores an exemplar from its stored parts.</summary>
    /// <param name="labels">Its <see cref="RenderedLabels"/>.</param>
    /// <param name="value">Its <see cref="Value"/>.</param>
    /// <param name="timestamp">Its <see cref="Timestamp"/>.</param>
    public static Exemplar Restore(ReadOnlySpan<byte> labels, double value, double timestamp) => new(labels.ToArray(), value, timestamp);

    /// <summary>Writes <c> # {labels} value timestamp</c>.</summary>
    internal void Render(TextBuffer output)
    {
        output.Reserve(_labels.Length + 80);
        output.WriteReserved(" # {"u8);
        output.WriteReserved(_labels);
        output.WriteReserved("} "u8);
        output.WriteReserved(Value);
        output.WriteReserved((byte)' ');
        output.WriteReserved(Timestamp);
    }

    private static int CodePoints(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
