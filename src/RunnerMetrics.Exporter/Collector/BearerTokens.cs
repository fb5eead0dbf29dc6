using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>The bearer tokens of a file, all of them valid. Only their hashes are kept.</summary>
internal sealed class BearerTokens(string path, TimeProvider time, ILogger logger)
{
    /// <summary>What fits no dictionary; <c>openssl rand -hex 32</c> makes 64.</summary>
    private const int ShortestToken = 16;

    private readonly SecretFile _hashes = new(path, "token", SHA256.HashData, ProblemOfLine, time, logger);

    /// <summary>What is wrong with a token file, or null.</summary>
    public static string? ProblemOf(string path) => SecretFile.ProblemOf(path, "token", ProblemOfLine);

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
        foreach (var hash in _hashes.Current())
        {
            accepted |= CryptographicOperations.FixedTimeEquals(hash, given);
        }

        return accepted;
    }

    // A token may have words behind it.
    private static string? ProblemOfLine(string line) => line.Split(' ', '\t')[0] is { Length: < ShortestToken } token
        ? $"is a token of {token.Length} characters: at least {ShortestToken} are needed, such as 'openssl rand -hex 32' makes"
        : null;
}
