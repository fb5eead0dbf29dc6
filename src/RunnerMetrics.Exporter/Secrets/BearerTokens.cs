using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>The bearer tokens of a file, all of them valid, and what each allows (<see cref="TokenGrant"/>). Only their hashes are kept.</summary>
internal sealed class BearerTokens(string path, TokenLimits limits, TimeProvider time, ILogger logger)
{
    /// <summary>Too long for a dictionary attack; <c>openssl rand -hex 32</c> makes 64.</summary>
    public const int ShortestToken = 16;

    private readonly SecretFile _lines = new(path, "token", Keep, ProblemOfLine, time, logger);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TokenHolder> _holders = new(StringComparer.Ordinal);

    /// <summary>What is wrong with a token file, or null.</summary>
    public static string? ProblemOf(string path) => SecretFile.ProblemOf(path, "token", ProblemOfLine);

    /// <summary>Whose token an <c>Authorization</c> header carries; null if it is none of the file's. Constant time, so that timing reveals nothing about them.</summary>
    public TokenHolder? Find(string? authorization)
    {
        const string Scheme = "Bearer ";
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var given = SHA256.HashData(Encoding.UTF8.GetBytes(authorization[Scheme.Length..].Trim()));
        byte[]? found = null;
        foreach (var line in _lines.Current())
        {
            found = CryptographicOperations.FixedTimeEquals(line.AsSpan(0, given.Length), given) ? line : found;
        }

        return found is null ? null : HolderOf(found);
    }

    // What a token has used up stays used up when the file is read again.
    private TokenHolder HolderOf(byte[] line)
    {
        var key = Convert.ToHexString(line);
        lock (_gate)
        {
            if (!_holders.TryGetValue(key, out var holder))
            {
                var grant = TokenGrant.Parse(Words(Encoding.UTF8.GetString(line.AsSpan(SHA256.HashSizeInBytes))), out _);
                _holders[key] = holder = new TokenHolder(grant!, new TokenBudget(limits.NewRunnersPerHour, limits.EventsPerMinute, time));
            }

            return holder;
        }
    }

    private static string? ProblemOfLine(string line)
    {
        if (Words(line) is not [var token, .. var words] || token.Length < ShortestToken)
        {
            return $"is a token of {Words(line).FirstOrDefault("").Length} characters: at least {ShortestToken} are needed, for example from 'openssl rand -hex 32'";
        }

        TokenGrant.Parse(words, out var problem);
        return problem;
    }

    // The token's hash, and the words behind it.
    private static byte[] Keep(byte[] line)
    {
        var end = line.AsSpan().IndexOfAny((byte)' ', (byte)'\t');
        return end < 0 ? SHA256.HashData(line) : [.. SHA256.HashData(line.AsSpan(0, end)), .. line.AsSpan(end)];
    }

    private static string[] Words(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
}
