using System.Text;

namespace RunnerMetrics.Metrics;

/// <summary>The escaping that both text formats share for label values.</summary>
internal static class LabelText
{
    /// <summary>Escapes backslash, double quote and line feed; a lone surrogate, which UTF-8 cannot carry, becomes U+FFFD when it is encoded.</summary>
    public static string Escape(string value)
    {
        if (value.AsSpan().IndexOfAny('\\', '"', '\n') < 0)
        {
            return value;
        }

        var escaped = new StringBuilder(value.Length + 8);
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '"' => escaped.Append("\\\""),
                '\n' => escaped.Append(@"\n"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>Renders labels side by side: <c>a="x",b="y"</c>.</summary>
    public static byte[] Render(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            text.Append(name).Append("=\"").Append(Escape(value)).Append('"');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
