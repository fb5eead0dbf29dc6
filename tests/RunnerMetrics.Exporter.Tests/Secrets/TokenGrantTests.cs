using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Secrets;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Exporter.Tests.Secrets;

/// <summary>What stands behind a token in its file: whom it speaks for, and how much.</summary>
public sealed class TokenGrantTests : IDisposable
{
    private const string Token = "some-token-0123456789", Other = "other-token-0123456789";

    private readonly TemporaryFolder _folder = new();

    private string TokenFile => Path.Combine(_folder.Path, "tokens");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", Outcome.Accepted, Outcome.Accepted, Outcome.Accepted)]
    [InlineData("runners=build-*,chrome-?", Outcome.Accepted, Outcome.Deferred, Outcome.Accepted)]
    [InlineData("runners=BUILD-1", Outcome.Accepted, Outcome.Deferred, Outcome.Accepted)]
    [InlineData("runners=build-* scope=github.com/acme", Outcome.Accepted, Outcome.Deferred, Outcome.Accepted)]
    [InlineData("scope=github.com/acme/*", Outcome.Deferred, Outcome.Deferred, Outcome.Accepted)]
    [InlineData("scope=github.com/zoo", Outcome.Deferred, Outcome.Deferred, Outcome.Deferred)]
    [InlineData("events=deployments", Outcome.Deferred, Outcome.Deferred, Outcome.Accepted)]
    [InlineData("events=runners", Outcome.Accepted, Outcome.Accepted, Outcome.Deferred)]
    [InlineData("events=all", Outcome.Accepted, Outcome.Accepted, Outcome.Accepted)]
    public async Task ReportEvents_IsTakenWhereTheTokenSpeaksForIt(string words, Outcome build, Outcome other, Outcome deployment)
    {
        await using var exporter = await StartAsync($"{Token} {words}\n");

        var results = (await exporter.SendAsync(
            AgentEvents.Batch(exporter.Clock.GetUtcNow(), Completed("c1", "build-1"), Completed("c2", "other-1"), AgentEvents.Deployment("d", "d1"), AgentEvents.Heartbeat("h", runner: AgentEvents.Runner("build-1"))),
            token: Token)).Results;

        Assert.Equal([build, other, deployment, build], results.Select(result => result.Outcome));
        Assert.All(results, result => Assert.Equal(result.Outcome == Outcome.Deferred, result.Reason.Contains("the token allows", StringComparison.Ordinal)));
        var deferred = results.Count(result => result.Outcome == Outcome.Deferred);
        Assert.Equal($"{deferred}", await exporter.SampleAsync("runner_metrics_events_total{source=\"grpc\",outcome=\"deferred\"}"));
    }

    [Fact]
    public async Task ReportEvents_AfterThePatternIsMended_CountsEachOnce()
    {
        await using var exporter = await StartAsync($"{Token} runners=bulid-*\n");
        var batch = AgentEvents.Batch(exporter.Clock.GetUtcNow(), Completed("c1", "build-1"), Completed("c2", "build-1"));
        (batch.SenderId, batch.Events[0].Sequence, batch.Events[1].Sequence) = ("spool", 1, 2);
        Assert.All((await exporter.SendAsync(batch, token: Token)).Results, result => Assert.Equal(Outcome.Deferred, result.Outcome));

        await File.WriteAllTextAsync(TokenFile, $"{Token} runners=build-*\n", RunningExporter.Cancelled);
        exporter.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.All((await exporter.SendAsync(batch, token: Token)).Results, result => Assert.Equal(Outcome.Accepted, result.Outcome));
        Assert.All((await exporter.SendAsync(batch, token: Token)).Results, result => Assert.Equal(Outcome.Duplicate, result.Outcome));
        Assert.Equal("2", await exporter.SampleAsync(Named("build-1")));
        Assert.Equal(("2", "0"), (await exporter.SampleAsync(Refusals("pattern")), await exporter.SampleAsync(Refusals("budget"))));
    }

    [Fact]
    public async Task ReportEvents_WithAnothersSenderId_SettlesNothingOfIt()
    {
        await using var exporter = await StartAsync($"{Token} runners=build-*\n{Other} runners=evil-*\n");
        var stranger = AgentEvents.Batch(exporter.Clock.GetUtcNow(), Enumerable.Range(1, 50).Select(number => Completed($"x{number}", "evil-1").With(e => e.Sequence = (ulong)number)));
        stranger.SenderId = "spool";
        await exporter.SendAsync(stranger, token: Other);

        var own = AgentEvents.Batch(exporter.Clock.GetUtcNow(), Completed("c1", "build-1").With(e => e.Sequence = 1));
        own.SenderId = "spool";
        Assert.Equal(Outcome.Accepted, (await exporter.SendAsync(own, token: Token)).Results[0].Outcome);
        Assert.Equal("1", await exporter.SampleAsync(Named("build-1")));
    }

    [Fact]
    public async Task ReportEvents_PastTheBudgetOfNames_IsDeferredUntilTheNextHour()
    {
        await using var exporter = await StartAsync($"{Token}\n{Other}\n", new TokenLimits(NewRunnersPerHour: 2));
        var names = (string[])["r1", "r2", "r3"];
        Task<Outcome[]> SendAsync(string token) => OutcomesAsync(exporter, token, names.Select(name => Completed($"{token}-{name}", $"{token[..5]}-{name}")));

        Assert.Equal([Outcome.Accepted, Outcome.Accepted, Outcome.Deferred], await SendAsync(Token));
        Assert.Equal([Outcome.Accepted, Outcome.Accepted, Outcome.Deferred], await SendAsync(Other));
        exporter.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal([Outcome.Duplicate, Outcome.Duplicate, Outcome.Accepted], await SendAsync(Token));
    }

    [Fact]
    public async Task ReportEvents_PastTheBudgetOfEvents_IsDeferredUntilTheNextMinute()
    {
        await using var exporter = await StartAsync($"{Token}\n", new TokenLimits(EventsPerMinute: 3));
        var events = Enumerable.Range(1, 4).Select(number => Completed($"c{number}", "r1")).ToList();

        Assert.Equal([Outcome.Accepted, Outcome.Accepted, Outcome.Accepted, Outcome.Deferred], await OutcomesAsync(exporter, Token, events));
        exporter.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal([Outcome.Accepted], await OutcomesAsync(exporter, Token, events[3..]));
        Assert.Equal("4", await exporter.SampleAsync(Named("r1")));
        Assert.Equal(("0", "1"), (await exporter.SampleAsync(Refusals("pattern")), await exporter.SampleAsync(Refusals("budget"))));
    }

    [Theory]
    [InlineData("runner=build-*", "has 'runner' after the token")]
    [InlineData("runners=", "has no value for runners")]
    [InlineData("runners", "has no value for runners")]
    [InlineData("events=jobs", "has events=jobs")]
    [InlineData("scope=a scope=b", "says scope twice")]
    [InlineData("build-*", "has 'build-*' after the token")]
    public async Task TokenFile_WithWordsThatAreNone_SaysWhatIsRight(string words, string problem)
    {
        await File.WriteAllTextAsync(TokenFile, $"{Other}\n{Token} {words}\n", RunningExporter.Cancelled);

        var said = BearerTokens.ProblemOf(TokenFile);
        Assert.StartsWith("its 2. entry ", said, StringComparison.Ordinal);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.EndsWith("give runners=GLOB[,GLOB…], scope=GLOB[,GLOB…] or events=runners|deployments|all", said, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, said, StringComparison.Ordinal);
    }

    private async Task<RunningExporter> StartAsync(string tokens, TokenLimits? limits = null)
    {
        await File.WriteAllTextAsync(TokenFile, tokens, RunningExporter.Cancelled);
        return await RunningExporter.StartAsync(new ExporterOptions { TokenFile = TokenFile, TokenLimits = limits ?? new TokenLimits() });
    }

    private static async Task<Outcome[]> OutcomesAsync(RunningExporter exporter, string token, IEnumerable<Event> events) =>
        [.. (await exporter.SendAsync(AgentEvents.Batch(exporter.Clock.GetUtcNow(), events), token: token)).Results.Select(result => result.Outcome)];

    private static Event Completed(string id, string runner) => AgentEvents.Completed(id, id, runner: AgentEvents.Runner(runner));

    private static string Refusals(string reason) => $"runner_metrics_token_refusals_total{{reason=\"{reason}\"}}";

    private static string Named(string runner) =>
        $"github_runner_jobs_total{{runner_name=\"{runner}\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}}";
}
