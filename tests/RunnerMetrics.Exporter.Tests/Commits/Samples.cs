using System.Text.RegularExpressions;

namespace RunnerMetrics.Exporter.Tests.Commits;

/// <summary>Reads a family's samples out of an exposition.</summary>
internal static partial class Samples
{
    /// <summary>The samples of a family whose labels hold a text, by runner name.</summary>
    public static Dictionary<string, string> Of(string text, string family, string label)
    {
        Dictionary<string, string> samples = [];
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(family + '{', StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            {
                samples.Add(Name().Match(line).Groups[1].Value, line[(line.LastIndexOf(' ') + 1)..]);
            }
        }

        return samples;
    }

    [GeneratedRegex("runner_name=\"([^\"]*)\"")]
    private static partial Regex Name();
}
