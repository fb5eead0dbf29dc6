using System.Text;

namespace RunnerMetrics.Metrics;

/// <summary>A label and its value, rendered once to the bytes that every scrape copies: <c>status="success"</c>.</summary>
public sealed class LabelPair
{
    /// <summary>Renders a label; quotes, backslashes and line feeds in the value are escaped.</summary>
    /// <param name="name">The label's name: <c>[a-zA-Z_][a-zA-Z0-9_]*</c>.</param>
    /// <param name="value">Any text.</param>
    public LabelPair(string name, string value)
    {
        Name = name;
        Value = value;
        Text = Encoding.UTF8.GetBytes($"{name}=\"{LabelText.Escape(value)}\"");
    }

    /// <summary>The label's name.</summary>
    public string Name { get; }

    /// <summary>The label's value, unescaped.</summary>
    public string Value { get; }

    internal byte[] Text { get; }
}
