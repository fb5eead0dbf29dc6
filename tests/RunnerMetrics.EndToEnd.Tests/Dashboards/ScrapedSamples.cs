using System.Globalization;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>What a scrape showed, as Prometheus would store it.</summary>
internal static class ScrapedSamples
{
    /// <summary>Writes each sample with the labels of its target, and the time.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="scraped">What the target answered.</param>
    /// <param name="target">The target's labels.</param>
    /// <param name="at">When.</param>
    public static void Write(TextWriter output, string scraped, string target, DateTimeOffset at)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        foreach (var line in scraped.AsSpan().EnumerateLines())
        {
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            var name = line.IndexOfAny('{', ' ');
            var hasLabels = line[name] == '{' && line[name + 1] != '}';
            output.Write(line[..name]);
            output.Write('{');
            output.Write(target);
            output.Write(hasLabels ? "," : "}");
            output.Write(hasLabels ? line[(name + 1)..] : line[line.LastIndexOf(' ')..]);
            output.Write(' ');
            output.Write(time);
            output.Write('\n');
        }
    }
}
