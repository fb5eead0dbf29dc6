using System.IO.Enumeration;

namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>Which files a folder holds, and in which state. Two scans tell what changed between them, however many events that made or lost.</summary>
internal sealed class FolderScan
{
    private readonly Dictionary<string, FileStamp> _files;

    private FolderScan(Dictionary<string, FileStamp> files) => _files = files;

    /// <summary>Scans a folder and those in it; links to folders are not followed.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">Names of files that count, <c>*</c> and <c>?</c> in them; none: all of them.</param>
    /// <param name="ignored">Names of files and folders that do not count.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static FolderScan Take(string folder, IReadOnlyList<string> names, IReadOnlyList<string> ignored)
    {
        var found = new FileSystemEnumerable<(string Path, FileStamp Stamp)>(
            folder,
            static (ref entry) => (entry.ToFullPath(), new FileStamp(entry.LastWriteTimeUtc.UtcTicks, entry.Length)),
            new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref entry) => !entry.IsDirectory && !IsOneOf(entry.FileName, ignored) && (names.Count == 0 || IsOneOf(entry.FileName, names)),
            ShouldRecursePredicate = (ref entry) => !IsOneOf(entry.FileName, ignored) && (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        var files = new Dictionary<string, FileStamp>(StringComparer.Ordinal);
        foreach (var (path, stamp) in found)
        {
            files[path] = stamp;
        }

        return new FolderScan(files);
    }

    /// <summary>The files that are new, other, or gone since an earlier scan.</summary>
    public IReadOnlyList<string> ChangedSince(FolderScan earlier) =>
    [
        .. _files.Where(file => !earlier._files.TryGetValue(file.Key, out var stamp) || stamp != file.Value).Select(file => file.Key),
        .. earlier._files.Keys.Where(path => !_files.ContainsKey(path)),
    ];

    private static bool IsOneOf(ReadOnlySpan<char> name, IReadOnlyList<string> patterns)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (FileSystemName.MatchesSimpleExpression(patterns[i], name, ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }
}
