using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Collector;

public sealed class TokenTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"tokens-{Guid.NewGuid():N}");

    public TokenTests() => File.WriteAllText(_file, "# handed out in March\nfirst-token-0123456789\n\n   second-token-0123456789  \n");

    public void Dispose() => File.Delete(_file);

    private Task<RunningExporter> StartAsync() => RunningExporter.StartAsync(new ExporterOptions { TokenFile = _file });

    private static async Task<StatusCode> TryAsync(RunningExporter exporter, string? token)
    {
        try
        {
            await exporter.SendAsync(AgentEvents.Batch(exporter.Clock.GetUtcNow(), AgentEvents.Heartbeat("x")), token: token);
            return StatusCode.OK;
        }
        catch (RpcException refusal)
        {
            Assert.DoesNotContain("-token-", refusal.Message.Replace("--token-file", "", StringComparison.Ordinal), StringComparison.Ordinal);
            return refusal.StatusCode;
        }
    }

    [Theory]
    [InlineData("first-token-0123456789", StatusCode.OK)]
    [InlineData("second-token-0123456789", StatusCode.OK)]
    [InlineData(null, StatusCode.Unauthenticated)]
    [InlineData("third-token-0123456789", StatusCode.Unauthenticated)]
    [InlineData("first-token-012345678", StatusCode.Unauthenticated)]
    [InlineData("FIRST-TOKEN-0123456789", StatusCode.Unauthenticated)]
    [InlineData("#", StatusCode.Unauthenticated)]
    [InlineData("", StatusCode.Unauthenticated)]
    public async Task ReportEvents_Token_IsTakenWhereTheFileHoldsIt(string? token, StatusCode answer)
    {
        await using var exporter = await StartAsync();

        Assert.Equal(answer, await TryAsync(exporter, token));

        var isRefused = answer != StatusCode.OK;
        Assert.Equal(isRefused ? "1" : "0", await exporter.SampleAsync("runner_metrics_batches_refused_total{reason=\"unauthenticated\"}"));
        Assert.Equal(isRefused, await exporter.FleetTextAsync() == "");
    }

    [Fact]
    public async Task ReportEvents_FileRotated_TakesTheNewTokensWithoutARestart()
    {
        await using var exporter = await StartAsync();
        Rewrite("second-token-0123456789\nthird-token-0123456789\n", 1);
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(StatusCode.Unauthenticated, await TryAsync(exporter, "first-token-0123456789"));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "second-token-0123456789"));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "third-token-0123456789"));
    }

    // Kubernetes mounts a secret as a link into a folder that is a link itself, and changes that one.
    [Fact]
    public async Task ReportEvents_FileRotatedByALinkAboveIt_TakesTheNewTokensOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Links need rights on Windows.");
        using var folder = new TemporaryFolder();
        foreach (var (name, token) in new[] { ("1", "first-token-0123456789"), ("2", "second-token-0123456789") })
        {
            Directory.CreateDirectory(Path.Combine(folder.Path, name));
            await File.WriteAllTextAsync(Path.Combine(folder.Path, name, "tokens"), token, RunningExporter.Cancelled);
            File.SetLastWriteTimeUtc(Path.Combine(folder.Path, name, "tokens"), AgentEvents.Now.UtcDateTime);
        }

        var data = Path.Combine(folder.Path, "data");
        Directory.CreateSymbolicLink(data, "1");
        var file = Path.Combine(folder.Path, "tokens");
        File.CreateSymbolicLink(file, Path.Combine("data", "tokens"));
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TokenFile = file });
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "first-token-0123456789"));

        Directory.Delete(data);
        Directory.CreateSymbolicLink(data, "2");
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCode.Unauthenticated, await TryAsync(exporter, "first-token-0123456789"));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "second-token-0123456789"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ReportEvents_FileEmptiedOrGone_LetsNobodyInUntilItHoldsATokenAgain(bool isGone)
    {
        await using var exporter = await StartAsync();
        if (isGone)
        {
            File.Delete(_file);
        }
        else
        {
            Rewrite("# nothing\n", 1);
        }

        // The first look may fall between the two halves of a rewrite.
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "first-token-0123456789"));
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCode.Unauthenticated, await TryAsync(exporter, "first-token-0123456789"));

        Rewrite("later-token-0123456789\n", 2);
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "later-token-0123456789"));
        Assert.Equal(StatusCode.Unauthenticated, await TryAsync(exporter, "first-token-0123456789"));
    }

    [Fact]
    public async Task ReportEvents_FileUnreadable_KeepsTheTokensReadBefore()
    {
        await using var exporter = await StartAsync();
        File.Delete(_file);
        Directory.CreateDirectory(_file);
        try
        {
            exporter.Clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(StatusCode.OK, await TryAsync(exporter, "first-token-0123456789"));
            exporter.Clock.Advance(TimeSpan.FromSeconds(3));
            Assert.Equal(StatusCode.OK, await TryAsync(exporter, "first-token-0123456789"));
        }
        finally
        {
            Directory.Delete(_file);
        }
    }

    [Fact]
    public async Task ReportEvents_ShortToken_IsRefusedAtTheStartAndLater()
    {
        await using var exporter = await StartAsync();
        Rewrite("a-short-token\nsecond-token-0123456789\n", 1);
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(StatusCode.Unauthenticated, await TryAsync(exporter, "a-short-token"));
        Assert.Equal(StatusCode.OK, await TryAsync(exporter, "second-token-0123456789"));

        var refusal = await Assert.ThrowsAsync<ArgumentException>(StartAsync);
        Assert.Contains("its 1. entry is a token of 13 characters: at least 16 are needed", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("a-short-token", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HealthAndMetrics_TokensAsked_AreOpenAllTheSame()
    {
        await using var exporter = await StartAsync();
        using var channel = exporter.Channel();

        var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), cancellationToken: RunningExporter.Cancelled);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        using var metrics = await exporter.Client.GetAsync(new Uri("/metrics", UriKind.Relative), RunningExporter.Cancelled);
        Assert.Equal(HttpStatusCode.OK, metrics.StatusCode);
    }

    [Fact]
    public void Comparison_IsTheOneWhoseTimeTellsNothing()
    {
        var source = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "src/RunnerMetrics.Exporter/Secrets/BearerTokens.cs"));
        Assert.Contains("CryptographicOperations.FixedTimeEquals", source, StringComparison.Ordinal);
    }

    private void Rewrite(string text, int later)
    {
        File.WriteAllText(_file, text);
        File.SetLastWriteTimeUtc(_file, AgentEvents.Now.UtcDateTime.AddMinutes(later));
    }
}
