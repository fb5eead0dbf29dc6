using System.Globalization;
using System.Text;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Testing;

/// <summary>One scrape as a test reads it: the text, and its samples by name and labels as they are in it.</summary>
public sealed class Scraped
{
    private Scraped(string text)
    {
        Text = text;
        Samples = text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(" # ", 2)[0])
            .ToDictionary(line => line[..line.LastIndexOf(' ')].Replace("{}", "", StringComparison.Ordinal), // OpenTelemetry writes braces without labels
                line => Number(line[(line.LastIndexOf(' ') + 1)..]), StringComparer.Ordinal);
    }

    public string Text { get; }

    public IReadOnlyDictionary<string, double> Samples { get; }

    /// <summary>The value of a sample by its name and labels as they are written, or null if it is absent.</summary>
    public double? this[string sample] => Samples.TryGetValue(sample, out var value) ? value : null;

    /// <summary>What somebody else has read.</summary>
    public static Scraped Of(string text) => new(text);

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

    /// <summary>Scrapes a program once.</summary>
    public static async Task<Scraped> ReadAsync(Uri program, CancellationToken cancelled)
    {
        using var client = new PatientHttpClient();
        return new Scraped(await client.GetStringAsync(new Uri(program, "/metrics"), cancelled));
    }

    /// <summary>Scrapes again and again until something is so; a program that does not answer yet is asked again.</summary>
    public static async Task UntilAsync(Uri program, Func<Scraped, bool> isSo, CancellationToken cancelled)
    {
        var last = "No answer.";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    var scrape = await ReadAsync(program, cancelled);
                    last = scrape.Text;
                    return isSo(scrape);
                }
                catch (HttpRequestException e)
                {
                    last = e.Message;
                    return false;
                }
            },
            () => last,
            cancelled);
    }

    /// <summary>The sum of a name's samples whose labels hold a text.</summary>
    /// <param name="name">The name, with the beginning of its labels or without them.</param>
    /// <param name="containing">Stands in the name or the labels.</param>
    public double Sum(string name, string containing = "")
    {
        var start = name.Contains('{', StringComparison.Ordinal) ? name : name + '{';
        return SumWhere(sample => (sample == name || sample.StartsWith(start, StringComparison.Ordinal)) && sample.Contains(containing, StringComparison.Ordinal));
    }

    /// <summary>The sum of samples whose name and labels are as wanted.</summary>
    public double SumWhere(Func<string, bool> isWanted) => Samples.Where(sample => isWanted(sample.Key)).Sum(sample => sample.Value);

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };
}
