using System.Security.Cryptography;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>A GitHub App with one installation.</summary>
public sealed class FakeApp : IDisposable
{
    /// <summary>What an App of RunnerMetrics asks for.</summary>
    public static IReadOnlyDictionary<string, string> AllPermissions { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["metadata"] = "read",
        ["actions"] = "read",
        ["organization_self_hosted_runners"] = "read",
        ["organization_hooks"] = "write",
    };

    /// <summary>The client id of an App that was given no other.</summary>
    public const string UsualClientId = "Iv23liFAKEAPP0000001";

    /// <summary>The App's client id.</summary>
    public string ClientId { get; init; } = UsualClientId;

    /// <summary>The App's id.</summary>
    public long Id { get; init; } = 4711;

    /// <summary>The installation's id.</summary>
    public long InstallationId { get; init; } = 99;

    /// <summary>Whether the webhook is the App's own, and not only its organisation's.</summary>
    public bool HasWebhook { get; set; } = true;

    /// <summary>What the installation may do.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; set; } = AllPermissions;

    /// <summary>Since when the installation is suspended; null while it is not.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>How long an installation token is good for.</summary>
    public TimeSpan TokenLife { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The App's key pair, of which the real GitHub keeps the public half.</summary>
    internal RSA Key { get; private set; } = RSA.Create(2048);

    /// <summary>The private key as GitHub hands it out: PKCS#1, PEM.</summary>
    public string PrivateKeyPem => Key.ExportRSAPrivateKeyPem();

    /// <summary>Throws the key away and makes another one.</summary>
    public void ReplaceKey()
    {
        Key.Dispose();
        Key = RSA.Create(2048);
    }

    /// <inheritdoc/>
    public void Dispose() => Key.Dispose();
}
