using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>
/// The bearer tokens of a file, one a line, all of them valid: so a new one can be handed out before the old one is taken away.
/// The file is read again when it changes.
/// </summary>
internal sealed partial class BearerTokens(string path, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private byte[][] _hashes = HashesOf(path);
    private DateTime _changedAt = File.GetLastWriteTimeUtc(path);
    private DateTimeOffset _lookedAt = time.GetUtcNow();

    /// <summary>What is wrong with a token file, or null.</summary>
    public static string? ProblemOf(string path)
    {
        try
        {
            return HashesOf(path).Length > 0 ? null : "holds no token: write one a line; empty lines and lines that start with # are passed over";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{e.Message} Give a file that this user can read";
        }
    }

    /// <summary>Whether an <c>Authorization</c> header carries one of the tokens. How long it takes tells nothing about them.</summary>
    public bool Accepts(string? authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        var accepted = false;
        foreach (var hash in Current())
        {
            accepted |= CryptographicOperations.FixedTimeEquals(hash, given);
        }

        return accepted;
    }

    private byte[][] Current()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now - _lookedAt < LookAgainAfter)
            {
                return _hashes;
            }

            _lookedAt = now;
            try
            {
                var changedAt = File.GetLastWriteTimeUtc(path);
                if (changedAt != _changedAt && HashesOf(path) is { Length: > 0 } fresh)
                {
                    (_hashes, _changedAt) = (fresh, changedAt);
                    LogReloaded(logger, path, fresh.Length);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                LogUnreadable(logger, path, e.Message);
            }

            return _hashes;
        }
    }

    private static byte[][] HashesOf(string path) =>
        [.. File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            .Select(token => SHA256.HashData(Encoding.UTF8.GetBytes(token)))];

    [LoggerMessage(1, LogLevel.Information, "Read {Count} token(s) from {Path} again")]
    private static partial void LogReloaded(ILogger logger, string path, int count);

    [LoggerMessage(2, LogLevel.Warning, "The token file {Path} cannot be read any more ({Problem}): the tokens read before stay valid")]
    private static partial void LogUnreadable(ILogger logger, string path, string problem);
}
