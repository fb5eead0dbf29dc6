using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>
/// The JSON web token by which a GitHub App says who it is (docs.github.com, "Generating a JSON Web Token (JWT) for a GitHub App"): RS256, issued a minute ago, good for less than ten minutes.
/// </summary>
internal static class AppJwt
{
    /// <summary>{"alg":"RS256","typ":"JWT"}</summary>
    private const string Header = "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9";

    private static readonly TimeSpan Before = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(9);

    /// <summary>Whether a credential is one of these, and no installation's token.</summary>
    public static bool Is(string? credential) => credential?.StartsWith(Header, StringComparison.Ordinal) == true;

    /// <summary>Makes one.</summary>
    /// <param name="key">The App's private key.</param>
    /// <param name="appId">Its client id, or its id.</param>
    /// <param name="now">GitHub's time, as far as it is known.</param>
    public static string Create(RSA key, string appId, DateTimeOffset now)
    {
        var claims = string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"iat\":{(now - Before).ToUnixTimeSeconds()},\"exp\":{(now + GoodFor).ToUnixTimeSeconds()},\"iss\":\"{JavaScriptEncoder.Default.Encode(appId)}\"}}");
        var text = $"{Header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }
}
