using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Verifies an App's JSON web token as GitHub does, with its messages.</summary>
internal static class JwtVerifier
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    public static string? ProblemOf(string token, FakeApp app, DateTimeOffset now)
    {
        const string Undecodable = "A JSON web token could not be decoded";
        var parts = token.Split('.');
        try
        {
            var header = JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]));
            var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]));
            if ((string?)header?["alg"] != "RS256")
            {
                return Undecodable;
            }

            // The id as text or as a number, or the client id.
            var issuer = claims?["iss"]?.ToString();
            if (issuer != app.ClientId && issuer != app.Id.ToString(CultureInfo.InvariantCulture))
            {
                return "'Issuer' claim ('iss') must be an Integer";
            }

            if (!app.Key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))
            {
                return Undecodable;
            }

            var (issued, ends) = ((long?)claims!["iat"], (long?)claims["exp"]);
            return issued is null || issued > now.ToUnixTimeSeconds() ? "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued"
                : ends is null || ends <= now.ToUnixTimeSeconds() ? "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires"
                : ends > (now + Longest).ToUnixTimeSeconds() ? "'Expiration time' claim ('exp') is too far in the future"
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            return Undecodable;
        }
    }
}
