namespace RunnerMetrics.Agent.Caches;

/// <summary>Text that may be coloured for a terminal.</summary>
internal static class AnsiText
{
    private const byte Escape = 0x1b;

    /// <summary>The text without colours: without <c>ESC [ … letter</c>.</summary>
    public static ReadOnlySpan<byte> Strip(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf(Escape) < 0)
        {
            return text;
        }

        var plain = new byte[text.Length];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == Escape && i + 1 < text.Length && text[i + 1] == '[')
            {
                for (i += 2; i < text.Length && text[i] is < 0x40 or > 0x7e; i++)
                {
                }
            }
            else
            {
                plain[length++] = text[i];
            }
        }

        return plain.AsSpan(0, length);
    }
}
