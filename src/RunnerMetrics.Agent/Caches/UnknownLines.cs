using System.Text;

namespace RunnerMetrics.Agent.Caches;

/// <summary>Lines of the tool in a format that its parser does not know: counted, and reported once.</summary>
internal sealed class UnknownLines
{
    private const int LongestShown = 200;

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>The first one, truncated.</summary>
    public string First { get; private set; } = "";

    public void Add(ReadOnlySpan<byte> line)
    {
        if (Count++ == 0)
        {
            var text = new StringBuilder(Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4 * LongestShown)]));
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = char.IsControl(text[i]) ? ' ' : text[i];
            }

            First = text.Length <= LongestShown ? text.ToString() : text.ToString(0, LongestShown) + "…";
        }
    }
}
