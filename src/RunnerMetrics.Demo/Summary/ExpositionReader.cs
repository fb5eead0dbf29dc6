using System.Globalization;
using System.Text;

namespace RunnerMetrics.Demo.Summary;

/// <summary>
/// Reads Prometheus's text format 0.0.4, as far as a summary needs it: <c>github_runner_busy{runner_name="a",runner_type="b"} 1</c>.
/// </summary>
internal static class ExpositionReader
{
    /// <summary>All samples of an exposition.</summary>
    /// <exception cref="FormatException">A line is none.</exception>
    public static List<Sample> Read(string exposition) =>
        [.. exposition.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(ReadLine)];

    private static Sample ReadLine(string line)
    {
        var end = line.AsSpan().IndexOfAny('{', ' ');
        if (end < 1)
        {
            throw new FormatException($"This is no sample: {line}");
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = end;
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var name = line[at..equals].Trim(',', ' ');
                at = equals + 2;
                labels[name] = ReadValue(line, ref at);
            }

            at++;
        }

        var value = line[at..].Trim().Split(' ')[0];
        return new Sample(line[..end], labels, value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            _ => double.Parse(value, CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads up to the closing quote, and steps over it and a comma.</summary>
    private static string ReadValue(string line, ref int at)
    {
        var text = new StringBuilder();
        while (line[at] != '"')
        {
            if (line[at] == '\\')
            {
                at++;
                text.Append(line[at] == 'n' ? '\n' : line[at]);
            }
            else
            {
                text.Append(line[at]);
            }

            at++;
        }

        at++;
        if (line[at] == ',')
        {
            at++;
        }

        return text.ToString();
    }
}
