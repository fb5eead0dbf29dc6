using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;

namespace RunnerMetrics.Exporter.Web;

/// <summary>A page as it is written: what stands in a template is markup, what is put into it is text and gets encoded, whoever it comes from.</summary>
internal sealed class Html
{
    private readonly StringBuilder _text = new(16 * 1024);

    /// <summary>Writes a template.</summary>
    public Html Add([InterpolatedStringHandlerArgument("")] Template template)
    {
        _ = template;
        return this;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Writes the parts of a template.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Template
    {
        private readonly StringBuilder _text;

        public Template(int literalLength, int formattedCount, Html html)
        {
            _ = literalLength + formattedCount;
            _text = html._text;
        }

        public void AppendLiteral(string markup) => _text.Append(markup);

        public void AppendFormatted(string? text) => _text.Append(text is null ? "" : HtmlEncoder.Default.Encode(text));

        public void AppendFormatted(int number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(long number) => _text.Append(CultureInfo.InvariantCulture, $"{number}");

        public void AppendFormatted(double number) => _text.Append(CultureInfo.InvariantCulture, $"{number:0.##}");
    }
}
