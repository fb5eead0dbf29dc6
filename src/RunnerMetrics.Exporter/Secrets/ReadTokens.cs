using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>The tokens of a file that open what is read here, all of them valid. Only their hashes are kept.</summary>
internal sealed class ReadTokens(string path, TimeProvider time, ILogger logger)
{
    private const string Scheme = "Bearer ";

    private readonly SecretFile _lines = new(path, "token", SHA256.HashData, ProblemOfLine, time, logger);

    /// <summary>What is wrong with such a file, or null.</summary>
    public static string? ProblemOf(string path) => SecretFile.ProblemOf(path, "token", ProblemOfLine);

    /// <summary>The hashes of the tokens that are valid now.</summary>
    public byte[][] Hashes() => _lines.Current();

    /// <summary>The hash of the token that an <c>Authorization</c> header carries; null where it is none of the file's.</summary>
    public byte[]? FindBearer(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? Find(authorization[Scheme.Length..].Trim()) : null;

    /// <summary>The hash of a token; null where it is none of the file's. How long it takes tells nothing about them.</summary>
    public byte[]? Find(string token)
    {
        var given = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        byte[]? found = null;
        foreach (var hash in Hashes())
        {
            found = CryptographicOperations.FixedTimeEquals(hash, given) ? hash : found;
        }

        return found;
    }

    private static string? ProblemOfLine(string line) =>
        line.AsSpan().IndexOfAny(' ', '\t') >= 0 ? "has words behind the token: a token that reads has none"
        : line.Length < BearerTokens.ShortestToken ? $"is a token of {line.Length} characters: at least {BearerTokens.ShortestToken} are needed, such as 'openssl rand -hex 32' makes"
        : null;
}
