using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>
/// The secrets of a file, one a line, all of them valid: so a new one can be handed out before the old one is taken away. The file is read
/// again when it changes.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="kind">What it holds, in a word for people: token, secret.</param>
/// <param name="keep">What is kept of a secret's UTF-8.</param>
/// <param name="time">Decides when to look again.</param>
/// <param name="logger">Is told of changes, and of no secret.</param>
internal sealed partial class SecretFile(string path, string kind, Func<byte[], byte[]> keep, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private byte[][] _secrets = Read(path, keep);
    private DateTimeOffset _lookedAt = time.GetUtcNow();

    /// <summary>What is wrong with such a file, or null.</summary>
    public static string? ProblemOf(string path, string kind)
    {
        try
        {
            return Read(path, secret => secret).Length > 0
                ? null
                : $"holds no {kind}: write one a line; empty lines and lines that start with # are passed over";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message} Give a file that this user can read";
        }
    }

    /// <summary>The first secret of such a file: what a client of this machine shows.</summary>
    /// <exception cref="IOException">It cannot be read, or holds none.</exception>
    public static string FirstOf(string path) =>
        Read(path, secret => secret) is [var first, ..] ? Encoding.UTF8.GetString(first) : throw new IOException($"{path} holds nothing.");

    /// <summary>What is kept of the secrets that are valid now.</summary>
    public byte[][] Current()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now - _lookedAt < LookAgainAfter)
            {
                return _secrets;
            }

            _lookedAt = now;
            try
            {
                // Its times tell nothing where it is a link: Kubernetes changes another link above it.
                var fresh = Read(path, keep);
                if (fresh.Length > 0 && !IsSame(fresh, _secrets))
                {
                    _secrets = fresh;
                    LogReloaded(logger, path, fresh.Length, kind);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(logger, path, kind, e.Message);
            }

            return _secrets;
        }
    }

    private static bool IsSame(byte[][] some, byte[][] others) =>
        some.Length == others.Length && some.Zip(others).All(pair => CryptographicOperations.FixedTimeEquals(pair.First, pair.Second));

    private static byte[][] Read(string path, Func<byte[], byte[]> keep) =>
        [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').Select(secret => keep(Encoding.UTF8.GetBytes(secret)))];

    [LoggerMessage(1, LogLevel.Information, "Read {Path} again: {Count} {Kind}(s)")]
    private static partial void LogReloaded(ILogger logger, string path, int count, string kind);

    [LoggerMessage(2, LogLevel.Warning, "The {Kind} file {Path} cannot be read any more ({Problem}): what was read before stays valid")]
    private static partial void LogUnreadable(ILogger logger, string path, string kind, string problem);
}
