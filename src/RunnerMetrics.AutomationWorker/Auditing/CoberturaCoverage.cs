using System.Globalization;
using System.Xml;
using Microsoft.Extensions.FileSystemGlobbing;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>
/// Reads how many lines tests cover from Cobertura files. One real root: <c>&lt;coverage line-rate="0.8713" branch-rate="0.75" lines-covered="609" lines-valid="699"
/// version="1.9" timestamp="1763712000"&gt;</c>.
/// </summary>
internal static class CoberturaCoverage
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    /// <summary>Lines covered of all reports together, from 0 to 100; null if there is no report, or none with lines.</summary>
    /// <param name="folder">Where to look.</param>
    /// <param name="patterns">Patterns of the reports. Of several from one place (each run makes a folder of its own under <c>TestResults</c>) the latest counts.</param>
    /// <exception cref="XmlException">A file is no such report.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static double? Read(string folder, IReadOnlyList<string> patterns)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        matcher.AddExclude("**/node_modules/**").AddExclude("**/.git/**");
        var latest = matcher.GetResultsInFullPath(folder).Select(path => new FileInfo(path)).GroupBy(PlaceOf)
            .Select(group => group.MaxBy(file => file.LastWriteTimeUtc)!);
        double covered = 0, valid = 0;
        foreach (var file in latest)
        {
            var lines = ReadOne(file.FullName);
            covered += lines.Covered;
            valid += lines.Valid;
        }

        return valid > 0 ? Math.Clamp(100 * covered / valid, 0, 100) : null;
    }

    // What stands before "TestResults", or the file's own folder.
    private static string PlaceOf(FileInfo file)
    {
        for (var folder = file.Directory; folder is not null; folder = folder.Parent)
        {
            if (folder.Name == "TestResults")
            {
                return folder.FullName;
            }
        }

        return file.DirectoryName ?? "";
    }

    // A report without totals is counted line by line; a line may stand in a class and in its methods, so only the classes' own lists count.
    private static (double Covered, double Valid) ReadOne(string path)
    {
        using var file = File.OpenRead(path);
        using var xml = XmlReader.Create(file, Settings);
        if (xml.MoveToContent() != XmlNodeType.Element || xml.LocalName != "coverage")
        {
            throw new XmlException($"{path} is not a Cobertura report: its root is not coverage");
        }

        if (NumberOf(xml, "lines-covered") is { } covered && NumberOf(xml, "lines-valid") is { } valid)
        {
            return (covered, valid);
        }

        double hit = 0, all = 0;
        var methods = 0;
        while (xml.Read())
        {
            if (xml.LocalName == "methods" && !xml.IsEmptyElement)
            {
                methods += xml.NodeType == XmlNodeType.Element ? 1 : xml.NodeType == XmlNodeType.EndElement ? -1 : 0;
            }
            else if (methods == 0 && xml is { NodeType: XmlNodeType.Element, LocalName: "line" })
            {
                all++;
                hit += NumberOf(xml, "hits") is > 0 ? 1 : 0;
            }
        }

        return (hit, all);
    }

    private static double? NumberOf(XmlReader xml, string attribute) =>
        double.TryParse(xml.GetAttribute(attribute), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
