using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests.Rest;

/// <summary>Asks a simulated GitHub, with tokens that are made here and not by the product.</summary>
internal sealed class FakeClient(FakeGitHub github, TimeProvider time) : IDisposable
{
    private readonly HttpClient _http = new PatientHttpClient { BaseAddress = github.Url };

    public void Dispose() => _http.Dispose();

    public async Task<(HttpResponseMessage Response, JsonNode? Body)> AskAsync(string path, string? token, HttpMethod? method = null, string? ifNoneMatch = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (ifNoneMatch is not null)
        {
            request.Headers.IfNoneMatch.Add(EntityTagHeaderValue.Parse(ifNoneMatch));
        }

        var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response, text.Length == 0 || response.Content.Headers.ContentType?.MediaType != "application/json" ? null : JsonNode.Parse(text));
    }

    public async Task<string> InstallationTokenAsync() =>
        (string)(await AskAsync($"/app/installations/{github.App.InstallationId}/access_tokens", Jwt(), HttpMethod.Post)).Body!["token"]!;

    /// <summary>A JSON web token as docs.github.com describes it ("Generating a JSON Web Token (JWT) for a GitHub App").</summary>
    public string Jwt(double issued = -60, double ends = 540, string? issuer = null, RSA? key = null)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var text = $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode($$"""{"iat":{{now + issued:F0}},"exp":{{now + ends:F0}},"iss":"{{issuer ?? github.App.ClientId}}"}""")}";
        using var own = RSA.Create();
        own.ImportFromPem(github.App.PrivateKeyPem);
        return $"{text}.{Base64Url.EncodeToString((key ?? own).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
