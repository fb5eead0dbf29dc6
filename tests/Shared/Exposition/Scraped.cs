using System.Globalization;
using System.Text;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Testing;

/// <summary>One scrape as a test reads it: the text, and its samples by name and labels as they stand in it.</summary>
internal sealed class Scraped
{
    private Scraped(string text)
    {
        Text = text;
        Samples = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(" # ", 2)[0])
            .ToDictionary(line => line[..line.LastIndexOf(' ')], line => Number(line[(line.LastIndexOf(' ') + 1)..]), StringComparer.Ordinal);
    }

    public string Text { get; }

    public IReadOnlyDictionary<string, double> Samples { get; }

    /// <summary>The sample's value, or null where it is absent.</summary>
    public double? this[string sample] => Samples.TryGetValue(sample, out var value) ? value : null;

    public static Scraped From(MetricRegistry registry, ExpositionFormat format = ExpositionFormat.Text)
    {
        using var snapshot = registry.Snapshot(format);
        return new Scraped(TextOf(snapshot));
    }

    public static string TextOf(ScrapeSnapshot snapshot)
    {
        var bytes = new List<byte>((int)snapshot.Length);
        foreach (var piece in snapshot.Pieces)
        {
            bytes.AddRange(piece.Span);
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The sum over all samples whose name and labels start so.</summary>
    public double Sum(string prefix, string containing = "") =>
        Samples.Where(s => s.Key.StartsWith(prefix, StringComparison.Ordinal) && s.Key.Contains(containing, StringComparison.Ordinal)).Sum(s => s.Value);

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
