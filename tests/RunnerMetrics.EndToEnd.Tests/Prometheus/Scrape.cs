using System.Globalization;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Prometheus;

/// <summary>The samples of one answer of /metrics in the text format.</summary>
internal sealed partial class Scrape
{
    private readonly Dictionary<string, double> _samples = [];

    private Scrape(string text)
    {
        Text = text;
        foreach (var match in SampleLine().Matches(text).Cast<Match>())
        {
            _samples[match.Groups[1].Value] = double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
        }
    }

    public string Text { get; }

    public static async Task<Scrape> ReadAsync(Uri exporter, CancellationToken cancelled)
    {
        using var client = new HttpClient();
        return new Scrape(await client.GetStringAsync(new Uri(exporter, "/metrics"), cancelled));
    }

    /// <summary>What a client of the test's own has read.</summary>
    public static Scrape Of(string text) => new(text);

    /// <summary>Scrapes again and again until something is so; an exporter that does not answer yet is asked again.</summary>
    public static async Task UntilAsync(Uri exporter, Func<Scrape, bool> isSo, CancellationToken cancelled)
    {
        var last = "No answer.";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    var scrape = await ReadAsync(exporter, cancelled);
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

    /// <summary>A sample by its name and labels as they are written, or null where it is absent.</summary>
    public double? Value(string series) => _samples.TryGetValue(series, out var value) ? value : null;

    /// <summary>The sum of a name's samples.</summary>
    public double Sum(string name) => _samples.Where(s => s.Key == name || s.Key.StartsWith(name + "{", StringComparison.Ordinal)).Sum(s => s.Value);

    /// <summary>The sum of samples whose name and labels are as wanted.</summary>
    public double SumWhere(Func<string, bool> isWanted) => _samples.Where(s => isWanted(s.Key)).Sum(s => s.Value);

    // github_runner_jobs_total{runner_name="r1",runner_type="standard",status="success"} 3
    [GeneratedRegex(@"^([a-zA-Z_:][^ {]*(?:\{.*\})?) (\S+)$", RegexOptions.Multiline)]
    private static partial Regex SampleLine();
}
