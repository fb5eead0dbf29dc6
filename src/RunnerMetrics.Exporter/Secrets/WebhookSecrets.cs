using System.Buffers;
using System.Security.Cryptography;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>The secrets that webhooks may be signed with, all of them valid.</summary>
internal sealed class WebhookSecrets(string path, TimeProvider time, ILogger logger)
{
    private const string Scheme = "sha256=";

    private readonly SecretFile _secrets = new(path, "secret", secret => secret, _ => null, time, logger);

    /// <summary>What is wrong with a secret file, or null.</summary>
    public static string? ProblemOf(string path) => SecretFile.ProblemOf(path, "secret", _ => null);

    /// <summary>
    /// Reads an <c>X-Hub-Signature-256</c> header: <c>sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17</c>.
    /// </summary>
    /// <returns>The signature's 32 bytes, or null if it is none.</returns>
    public static byte[]? Parse(string? header)
    {
        var signature = new byte[HMACSHA256.HashSizeInBytes];
        return header is not null && header.StartsWith(Scheme, StringComparison.Ordinal) && header.Length == Scheme.Length + (2 * signature.Length)
            && Convert.FromHexString(header.AsSpan(Scheme.Length), signature, out _, out _) == OperationStatus.Done
            ? signature
            : null;
    }

    /// <summary>Whether a body is signed with one of the secrets. How long it takes tells nothing about them, nor about the right signature.</summary>
    public bool Signed(ReadOnlySequence<byte> body, byte[] signature)
    {
        Span<byte> right = stackalloc byte[HMACSHA256.HashSizeInBytes];
        var signed = false;
        foreach (var secret in _secrets.Current())
        {
            using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
            foreach (var piece in body)
            {
                hash.AppendData(piece.Span);
            }

            hash.GetHashAndReset(right);
            signed |= CryptographicOperations.FixedTimeEquals(right, signature);
        }

        return signed;
    }
}
