using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.GitHub;

public class AppJwtTests
{
    [Fact]
    public void Create_AKnownKeyAndTime_IsTheTokenThatOpenSslSigns()
    {
        var vector = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests/RunnerMetrics.Exporter.Tests/Fixtures/github-api/app-jwt.json")))!;
        using var key = RSA.Create();
        key.ImportRSAPrivateKey(Convert.FromBase64String((string)vector["key"]!), out _);

        Assert.Equal((string)vector["jwt"]!, AppJwt.Create(key, (string)vector["app"]!, new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero)));
    }
}
