using System.Security.Cryptography;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>The private key of a GitHub App, in a file that is read again when it changes: a new key is made and put there before the old one is deleted at GitHub.</summary>
/// <param name="path">A PEM file, as GitHub hands it out.</param>
/// <param name="time">Decides when to look again.</param>
/// <param name="logger">Is told of changes, and of no key.</param>
internal sealed class AppKeyFile(string path, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private RSA? _key;
    private byte[] _hash = [];
    private long _lookedAt;
    private string? _problem;

    /// <summary>Signs with the key as it is now.</summary>
    public string CreateJwt(string appId, DateTimeOffset now)
    {
        lock (_gate)
        {
            LookAgain();
            return AppJwt.Create(_key ?? throw new InvalidOperationException($"{path} holds no key."), appId, now);
        }
    }

    public void Dispose() => _key?.Dispose();

    private void LookAgain()
    {
        if (_key is not null && time.GetElapsedTime(_lookedAt) < LookAgainAfter)
        {
            return;
        }

        _lookedAt = time.GetTimestamp();
        try
        {
            var text = File.ReadAllText(path);
            var hash = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
            if (!hash.AsSpan().SequenceEqual(_hash))
            {
                var fresh = Read(text);
                if (_key is not null)
                {
                    GitHubLog.KeyReplaced(logger, path);
                }

                _key?.Dispose();
                (_key, _hash, _problem) = (fresh, hash, null);
            }
        }
        catch (Exception e) when (_key is not null && e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            // What was read before stays valid, as with every secret; said once.
            if (_problem is null)
            {
                GitHubLog.KeyUnreadable(logger, path, _problem = e.GetType().Name);
            }
        }
    }

    private static RSA Read(string pem)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            key.ExportParameters(includePrivateParameters: true); // throws where it is a public key
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
