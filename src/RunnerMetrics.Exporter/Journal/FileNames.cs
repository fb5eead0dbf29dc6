using System.Globalization;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>The names of a journal's files. A snapshot of a number holds what all segments of smaller numbers say.</summary>
internal static class FileNames
{
    public const string Temporary = ".tmp";

    private const string SegmentPrefix = "journal-";
    private const string SnapshotPrefix = "snapshot-";

    public static string Segment(long number) => string.Create(CultureInfo.InvariantCulture, $"{SegmentPrefix}{number:D12}");

    public static string Snapshot(long number) => string.Create(CultureInfo.InvariantCulture, $"{SnapshotPrefix}{number:D12}");

    public static bool IsSegment(string name, out long number) => TryNumber(name, SegmentPrefix, out number);

    public static bool IsSnapshot(string name, out long number) => TryNumber(name, SnapshotPrefix, out number);

    private static bool TryNumber(string name, string prefix, out long number)
    {
        number = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
