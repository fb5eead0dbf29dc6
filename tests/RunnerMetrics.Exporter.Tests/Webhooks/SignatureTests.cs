using System.Net;
using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public sealed class SignatureTests : IDisposable
{
    private const string Unauthenticated = "runner_metrics_events_rejected_total{source=\"webhook\",reason=\"unauthenticated\"}";

    private static readonly byte[] Body = Payload.Job("queued").Bytes();

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"secrets-{Guid.NewGuid():N}");

    public SignatureTests() => File.WriteAllText(_file, "# since March\nfirst-secret\n\n  second-secret \n");

    public void Dispose() => File.Delete(_file);

    private Task<RunningExporter> StartAsync() => RunningExporter.StartAsync(new ExporterOptions { WebhookSecretFile = _file });

    public static TheoryData<string, string?> WrongSignatures()
    {
        var right = Payload.Sign(Body, "first-secret");
        return new()
        {
            { "missing", null },
            { "empty", "" },
            { "of another secret", Payload.Sign(Body, "third-secret") },
            { "of another body", Payload.Sign([.. Body, (byte)' '], "first-secret") },
            { "of a commented line", Payload.Sign(Body, "# since March") },
            { "truncated", right[..^2] },
            { "truncated to its scheme", "sha256=" },
            { "with more behind it", right + "00" },
            { "wrong in its first digit", right[..7] + (right[7] == '0' ? '1' : '0') + right[8..] },
            { "wrong in its last digit", right[..^1] + (right[^1] == '0' ? '1' : '0') },
            { "no hexadecimal digits", "sha256=" + new string('z', 64) },
            { "all zeros", "sha256=" + new string('0', 64) },
            { "sha1 under the newer name", Sha1("first-secret") },
            { "without its scheme", right["sha256=".Length..] },
        };
    }

    [Theory]
    [MemberData(nameof(WrongSignatures))]
    public async Task Deliver_WrongSignature_IsRefusedAndChangesNothing(string what, string? signature)
    {
        await using var exporter = await StartAsync();
        var (status, text) = await exporter.DeliverAsync(Body, change: request =>
        {
            if (signature is not null)
            {
                request.Headers.TryAddWithoutValidation("X-Hub-Signature-256", signature);
            }
        });

        Assert.True(status == HttpStatusCode.Unauthorized, what);
        Assert.DoesNotContain("-secret", text.Replace("--webhook-secret-file", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("1", await exporter.SampleAsync(Unauthenticated));
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Fact]
    public async Task Deliver_Sha1Only_IsRefused()
    {
        await using var exporter = await StartAsync();
        var sha1 = Sha1("first-secret");
        var (status, _) = await exporter.DeliverAsync(Body, change: request => request.Headers.Add("X-Hub-Signature", sha1));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Theory]
    [InlineData("first-secret")]
    [InlineData("second-secret")]
    public async Task Deliver_SignedWithAnyOfTheSecrets_IsTaken(string secret)
    {
        await using var exporter = await StartAsync();

        Assert.Equal(HttpStatusCode.Accepted, (await exporter.DeliverAsync(Body, secret: secret)).Status);
        Assert.Equal("1", await exporter.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}"));
    }

    [Fact]
    public async Task Deliver_ExampleOfGitHubsDocumentation_IsTaken()
    {
        // docs.github.com, "Validating webhook deliveries": secret, payload and signature to test an implementation with.
        File.WriteAllText(_file, "It's a Secret to Everybody\n");
        await using var exporter = await StartAsync();
        var (status, _) = await exporter.DeliverAsync(
            "Hello, World!"u8.ToArray(), "sponsorship",
            change: request => request.Headers.Add("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));

        Assert.Equal(HttpStatusCode.Accepted, status);
    }

    [Fact]
    public async Task Deliver_SecretsRotated_TakesTheNewOnesWithoutARestart()
    {
        await using var exporter = await StartAsync();
        File.WriteAllText(_file, "second-secret\nthird-secret\n");
        File.SetLastWriteTimeUtc(_file, AgentEvents.Now.UtcDateTime.AddMinutes(1));
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(HttpStatusCode.Unauthorized, (await exporter.DeliverAsync(Body, secret: "first-secret")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await exporter.DeliverAsync(Body, secret: "second-secret")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await exporter.DeliverAsync(Body, secret: "third-secret")).Status);
    }

    [Theory]
    [InlineData("127.0.0.1", null, HttpStatusCode.Accepted)]
    [InlineData("127.0.0.1:9091", null, HttpStatusCode.Accepted)]
    [InlineData("LocalHost:80", null, HttpStatusCode.Accepted)]
    [InlineData("[::1]:9091", null, HttpStatusCode.Accepted)]
    [InlineData("exporter.acme.example", null, HttpStatusCode.Unauthorized)]
    [InlineData("localhost.acme.example", null, HttpStatusCode.Unauthorized)]
    [InlineData("10.0.0.7:9091", null, HttpStatusCode.Unauthorized)]
    [InlineData("0.0.0.0", null, HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "X-Forwarded-For", HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "X-Forwarded-Host", HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "Via", HttpStatusCode.Unauthorized)]
    [InlineData("127.0.0.1", "Origin", HttpStatusCode.Unauthorized)]
    public async Task Deliver_NoSecretByFlag_IsTakenFromThisMachineOnly(string host, string? header, HttpStatusCode answer)
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true });
        var (status, text) = await exporter.DeliverAsync(Body, change: request =>
        {
            request.Headers.Host = host;
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation(header, "140.82.112.1");
            }
        });

        Assert.Equal(answer, status);
        Assert.Equal(answer == HttpStatusCode.Unauthorized, text.Contains("--webhook-secret-file", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deliver_NoSecret_IsNotServedAndSaysSo()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions());
        var (status, text) = await exporter.DeliverAsync(Body);

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Contains("--webhook-secret-file", text, StringComparison.Ordinal);
        Assert.Empty(await exporter.FleetTextAsync());
    }

    [Fact]
    public void Comparison_IsTheOneWhoseTimeTellsNothing()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "src/RunnerMetrics.Exporter/Secrets/WebhookSecrets.cs"));
        Assert.Contains("CryptographicOperations.FixedTimeEquals", source, StringComparison.Ordinal);
    }

#pragma warning disable CA5350 // It is weak: that is why it is refused.
    private static string Sha1(string secret) => "sha1=" + Convert.ToHexStringLower(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), Body));
#pragma warning restore CA5350
}
