using System.Buffers.Text;
using System.Text.Json;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Reads one line of pretty-printed JSON by its indentation. The runner masks secrets in its logs as text, so braces, quotes and keys
/// of a document can be <c>***</c>, so it no longer parses; a single line can still be read. A real one:
/// <c>  "jobDisplayName": "build (ok)",</c>.
/// </summary>
internal static class JsonText
{
    /// <summary>How many spaces a line begins with.</summary>
    public static int Indent(ReadOnlySpan<byte> line)
    {
        var text = line.IndexOfAnyExcept((byte)' ');
        return text < 0 ? line.Length : text;
    }

    /// <summary>Splits <c>"key": value</c>; the value comes without the comma behind it.</summary>
    public static bool TryProperty(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        key = value = default;
        if (line is not [(byte)'"', ..])
        {
            return false;
        }

        var end = line.IndexOf("\": "u8);
        if (end < 1)
        {
            return false;
        }

        key = line[1..end];
        value = line[(end + 3)..];
        if (value is [.., (byte)','])
        {
            value = value[..^1];
        }

        return true;
    }

    /// <summary>A string literal's text; null if it is none, or incomplete.</summary>
    public static string? String(ReadOnlySpan<byte> value)
    {
        if (value is not [(byte)'"', .., (byte)'"'])
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(value);
            return reader.Read() && reader.TokenType == JsonTokenType.String && reader.BytesConsumed == value.Length ? reader.GetString() : null;
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A string without a mask; a masked one is not known.</summary>
    public static string? Unmasked(ReadOnlySpan<byte> value) => value.IndexOf("***"u8) < 0 ? String(value) : null;

    /// <summary>A whole number, in quotes or not; the runner writes 4242 as <c>4242.0</c> where it is in a context.</summary>
    public static long Integer(ReadOnlySpan<byte> value)
    {
        var digits = value.Trim((byte)'"');
        if (Utf8Parser.TryParse(digits, out long whole, out var used) && (used == digits.Length || digits[used..].SequenceEqual(".0"u8)))
        {
            return whole > 0 ? whole : 0;
        }

        return 0;
    }
}
