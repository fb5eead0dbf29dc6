using RunnerMetrics.Agent.Tests.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>Under whose name an agent reports, from its options and its runner's files to what the collector gets.</summary>
public class RunnerNameTests
{
    private const string Settings = """
        [2026-11-21 00:00:00Z INFO BrokerMessageListener] {
          "AgentId": 7,
          "AgentName": "build-1",
          "GitHubUrl": "https://github.com/acme"
        }
        [2026-11-21 00:00:01Z INFO Terminal]
        """;

    [Theory]
    [InlineData("another")]
    [InlineData("build-1")]
    [InlineData(null)]
    public async Task Run_LogSaysWhoItIs_ReportsThatAndWarnsOnceWhereItWasGivenAnotherName(string? given)
    {
        await using var agent = new RunningAgent { GivenName = given };
        agent.Write(LogFolder.ListenerPage, SmallLog.Listener().Replace("[2026-11-21 00:00:01Z INFO Terminal]", Settings, StringComparison.Ordinal));
        agent.Start();
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2 && agent.Collector.Heartbeats.Count > 1, "two events and heartbeats");
        Assert.All(agent.Collector.Accepted.Concat(agent.Collector.Heartbeats), sent => Assert.Equal(
            ("build-1", "github.com/acme", 7L, "chrome"), (sent.Runner.Name, sent.Runner.Scope, sent.Runner.Id, sent.Runner.Type)));
        Assert.Single(agent.Log.Lines, "Information The runner is build-1 of github.com/acme; it takes many jobs.");
        Assert.Equal(given == "another" ? 1 : 0, agent.Log.Lines.Count(line => line.StartsWith("Warning The runner's own settings call it build-1", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Run_NothingSaysWhoItIs_ReportsNothingUntilTheRunnersFileDoesAndThenAll()
    {
        await using var agent = new RunningAgent { GivenName = null };
        agent.WriteJob();
        agent.Start();
        await agent.UntilAsync(() => agent.Log.Lines.Any(line => line.StartsWith("Error The runner's name is neither in its log nor in its file .runner", StringComparison.Ordinal)), "it says so");
        await agent.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(agent.Collector.Sent);
        Assert.Empty(agent.Collector.Heartbeats);

        await File.WriteAllTextAsync(Path.Combine(agent.Diag, "..", ".runner"), "{\"agentName\": \"build-1\", \"gitHubUrl\": \"https://github.com/acme\"}", TestContext.Current.CancellationToken);
        await agent.UntilAsync(() => agent.Collector.Accepted.Count == 2, "two events");
        Assert.All(agent.Collector.Accepted, sent => Assert.Equal(("build-1", "github.com/acme"), (sent.Runner.Name, sent.Runner.Scope)));
        Assert.Single(agent.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Once_NothingSaysWhoItIs_EndsWith1AndKeepsThePlace()
    {
        await using var agent = new RunningAgent { GivenName = null };
        agent.WriteJob();
        Assert.Equal(1, await agent.OnceAsync());
        await File.WriteAllTextAsync(Path.Combine(agent.Diag, "..", ".runner"), "{\"agentName\": \"build-1\"}", TestContext.Current.CancellationToken);
        Assert.Equal(0, await agent.OnceAsync());
        Assert.Equal(2, agent.Collector.Accepted.Count);
    }
}
