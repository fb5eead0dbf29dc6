using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Metrics;

/// <summary>One observation that stands for its bucket, with where to find it (OpenMetrics 1.0.0, "Exemplars").</summary>
public sealed class Exemplar
{
    /// <summary>The most characters that the names and values of an exemplar's labels may have together (OpenMetrics 1.0.0).</summary>
    public const int MaxLabelCharacters = 128;

    private readonly byte[] _labels;
    private readonly double _value;
    private readonly double _timestamp;

    private Exemplar(byte[] labels, double value, double timestamp)
    {
        _labels = labels;
        _value = value;
        _timestamp = timestamp;
    }

    /// <summary>Makes an exemplar, or null where its labels pass OpenMetrics' limit: it is left out, never cut.</summary>
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

    internal static void Save(Exemplar? exemplar, BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(exemplar?._labels.Length ?? 0);
        if (exemplar is not null)
        {
            writer.Write(exemplar._labels);
            writer.Write(exemplar._value);
            writer.Write(exemplar._timestamp);
        }
    }

    internal static Exemplar? Load(BinaryReader reader)
    {
        var length = reader.Read7BitEncodedInt();
        return length == 0 ? null : new Exemplar(reader.ReadBytes(length), reader.ReadDouble(), reader.ReadDouble());
    }

    /// <summary>Writes <c> # {labels} value timestamp</c>.</summary>
    internal void Render(TextBuffer output)
    {
        output.Reserve(_labels.Length + 80);
        output.WriteReserved(" # {"u8);
        output.WriteReserved(_labels);
        output.WriteReserved("} "u8);
        output.WriteReserved(_value);
        output.WriteReserved((byte)' ');
        output.WriteReserved(_timestamp);
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
