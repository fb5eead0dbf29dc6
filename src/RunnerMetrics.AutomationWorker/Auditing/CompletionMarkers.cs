using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.FileSystemGlobbing;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>Finds completion markers in documents.</summary>
internal static class CompletionMarkers
{
    /// <summary>How long one line may be searched: a pattern that takes longer is at fault.</summary>
    public static readonly TimeSpan LineLimit = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The markers of all documents, by a short key each: of the document's path, the line's text, and which of several equal lines it is. A marker that
    /// moves within its document stays the same.
    /// </summary>
    /// <exception cref="IOException">A document cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A document may not be read.</exception>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    public static IEnumerable<string> In(string folder, IReadOnlyList<string> patterns, Regex marker, CancellationToken cancelled)
    {
        var matcher = new Matcher(StringComparison.Ordinal);
        matcher.AddIncludePatterns(patterns);
        foreach (var path in matcher.GetResultsInFullPath(folder).Order(StringComparer.Ordinal))
        {
            cancelled.ThrowIfCancellationRequested();
            var equal = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (var line in File.ReadLines(path).Where(line => marker.IsMatch(line)))
            {
                var text = line.Trim();
                equal[text] = equal.GetValueOrDefault(text) + 1;
                var key = $"{Path.GetRelativePath(folder, path)}\n{text}\n{equal[text]}";
                yield return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, 16));
            }
        }
    }
}
