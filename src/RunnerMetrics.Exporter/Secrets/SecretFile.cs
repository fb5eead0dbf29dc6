using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>
/// The secrets of a file, one per line, all of them valid: so a new one can be distributed before the old one is removed. The file is read
/// again when it changes. If it is empty or missing at two checks, all are revoked; one check may fall into the middle of a rewrite. One that cannot be read, for another
/// reason, revokes nothing.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="kind">What it holds, in a word for people: token, secret.</param>
/// <param name="keep">What is kept of a secret's UTF-8.</param>
/// <param name="problemOf">What is wrong with a line, or null; a line with a problem allows nobody.</param>
/// <param name="time">Decides when to look again.</param>
/// <param name="logger">Logs changes, never a secret.</param>
internal sealed partial class SecretFile(string path, string kind, Func<byte[], byte[]> keep, Func<string, string?> problemOf, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private byte[][] _secrets = [.. Lines(path).Where(line => problemOf(line) is null).Select(line => keep(Encoding.UTF8.GetBytes(line)))];
    private long _lookedAt = time.GetTimestamp();
    private bool _wasEmpty;
    private string? _problem;

    /// <summary>What is wrong with such a file, or null.</summary>
    public static string? ProblemOf(string path, string kind, Func<string, string?> problemOf)
    {
        try
        {
            var lines = Lines(path).ToArray();
            return lines.Length == 0
                ? $"contains no {kind}: write one per line; empty lines and lines that start with # are ignored"
                : FirstProblem(lines, problemOf);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message} Give a file that this user can read";
        }
    }

    /// <summary>What is wrong with a line that is sent as it is in a header, or null.</summary>
    public static string? ProblemOfHeaderValue(string line) =>
        line.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 ? "has a character that no token has: give the token alone, without 'Bearer'" : null;

    /// <summary>The first secret of such a file, without the words behind it: what a client of this machine shows.</summary>
    /// <exception cref="IOException">It cannot be read, or holds none.</exception>
    public static string FirstOf(string path) =>
        Lines(path).FirstOrDefault()?.Split(' ', '\t')[0] ?? throw new IOException($"{path} holds nothing.");

    /// <summary>What is kept of the secrets that are valid now.</summary>
    public byte[][] Current()
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_lookedAt) < LookAgainAfter)
            {
                return _secrets;
            }

            _lookedAt = time.GetTimestamp();
            try
            {
                // Its times are not meaningful if it is a link: Kubernetes changes another link above it.
                Take([.. Lines(path)]);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                Take([]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogChange(e.Message, () => LogUnreadable(logger, path, kind, e.Message));
            }

            return _secrets;
        }
    }

    private void Take(string[] lines)
    {
        var isEmpty = lines.Length == 0;
        if (isEmpty && _secrets.Length > 0 && !_wasEmpty)
        {
            _wasEmpty = true;
            return;
        }

        _wasEmpty = isEmpty;
        var problem = FirstProblem(lines, problemOf);
        LogChange(problem, () => LogLineRefused(logger, path, problem!));
        byte[][] fresh = [.. lines.Where(line => problemOf(line) is null).Select(line => keep(Encoding.UTF8.GetBytes(line)))];
        if (IsSame(fresh, _secrets))
        {
            return;
        }

        _secrets = fresh;
        if (isEmpty)
        {
            LogRevoked(logger, path, kind);
        }
        else
        {
            LogReloaded(logger, path, fresh.Length, kind);
        }
    }

    // Once, not every two seconds.
    private void LogChange(string? problem, Action say)
    {
        if (problem is not null && problem != _problem)
        {
            say();
        }

        _problem = problem;
    }

    private static string? FirstProblem(IEnumerable<string> lines, Func<string, string?> problemOf) =>
        lines.Select((line, i) => problemOf(line) is { } problem ? string.Create(CultureInfo.InvariantCulture, $"its {i + 1}. entry {problem}") : null).FirstOrDefault(problem => problem is not null);

    private static bool IsSame(byte[][] some, byte[][] others) =>
        some.Length == others.Length && some.Zip(others).All(pair => CryptographicOperations.FixedTimeEquals(pair.First, pair.Second));

    private static IEnumerable<string> Lines(string path) => File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#');

    [LoggerMessage(1, LogLevel.Information, "Read {Path} again: {Count} {Kind}(s)")]
    private static partial void LogReloaded(ILogger logger, string path, int count, string kind);

    [LoggerMessage(2, LogLevel.Warning, "The {Kind} file {Path} can no longer be read ({Problem}): the previous content stays valid")]
    private static partial void LogUnreadable(ILogger logger, string path, string kind, string problem);

    [LoggerMessage(3, LogLevel.Warning, "The {Kind} file {Path} is empty or missing: it allows nobody until it contains a {Kind} again")]
    private static partial void LogRevoked(ILogger logger, string path, string kind);

    [LoggerMessage(4, LogLevel.Warning, "{Path}: {Problem}; that line allows nobody")]
    private static partial void LogLineRefused(ILogger logger, string path, string problem);
}
