using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// The text of a file in the hook folder: a line that says what it is, lines such as <c>GITHUB_REPOSITORY=acme/shop</c>, and <c>end</c>. In a value
/// a line end is written <c>\n</c> or <c>\r</c>, a backslash <c>\\</c>. A job can write there whatever it likes, so what is not exactly that is nothing.
/// </summary>
internal static class HookText
{
    /// <summary>Longer than any that the hooks write.</summary>
    public const int LongestFile = 16 * 1024;

    private const string LastLine = "end";

    /// <summary>Reads a file's text.</summary>
    /// <param name="content">The whole file.</param>
    /// <param name="firstLine">What the first line must be.</param>
    /// <param name="keys">The keys that there may be, each at most once.</param>
    /// <param name="values">The values by their keys.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> content, string firstLine, IReadOnlySet<string> keys, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? values)
    {
        values = null;
        // A value that was cut can end in the middle of a character.
        var lines = Encoding.UTF8.GetString(content).Split('\n');
        if (content.Length > LongestFile || lines.Length < 3 || lines[0] != firstLine || lines[^2] != LastLine || lines[^1].Length > 0)
        {
            return false;
        }

        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines.AsSpan(1..^2))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1 || !keys.Contains(line[..equals]) || Unescape(line.AsSpan(equals + 1)) is not { } value || !read.TryAdd(line[..equals], value))
            {
                return false;
            }
        }

        values = read;
        return true;
    }

    /// <summary>Writes such a text.</summary>
    public static byte[] Format(string firstLine, IEnumerable<KeyValuePair<string, string>> values)
    {
        var text = new StringBuilder(firstLine).Append('\n');
        foreach (var (key, value) in values)
        {
            var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal);
            text.Append(key).Append('=').Append(escaped).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.Append(LastLine).Append('\n').ToString());
    }

    private static string? Unescape(ReadOnlySpan<char> written)
    {
        if (!written.Contains('\\'))
        {
            return written.ToString();
        }

        var text = new StringBuilder(written.Length);
        for (var i = 0; i < written.Length; i++)
        {
            if (written[i] != '\\')
            {
                text.Append(written[i]);
                continue;
            }

            switch (++i < written.Length ? written[i] : default)
            {
                case 'n':
                    text.Append('\n');
                    break;
                case 'r':
                    text.Append('\r');
                    break;
                case '\\':
                    text.Append('\\');
                    break;
                default:
                    return null;
            }
        }

        return text.ToString();
    }
}
