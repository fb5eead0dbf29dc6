using System.Net;
using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Forgetting;

/// <summary>What may be forgotten, by whom, and what is left of it.</summary>
public sealed class ForgetTests : IDisposable
{
    private const string R1 = "r1 (type standard, scope github.com/acme)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Forget_RunnerThatStopped_TakesItsSeriesForGood()
    {
        var options = new ExporterOptions { DataDirectory = _folder.Path };
        ManualTimeProvider clock;
        string before, after;
        await using (var exporter = await RunningExporter.StartAsync(options))
        {
            clock = exporter.Clock;
            await exporter.SendAsync(AgentEvents.Heartbeat("h", runner: AgentEvents.Runner("other")), AgentEvents.Heartbeat("h1"));
            await exporter.SendAsync(AgentEvents.Completed("c", "j"), AgentEvents.Stopped("s"));
            before = await exporter.FleetTextAsync();
            Assert.Contains("runner_name=\"r1\"", before, StringComparison.Ordinal);

            Assert.Equal((HttpStatusCode.OK, $"Forgot {R1}: its own series are removed. If it reports again, it counts from 0."), await ForgetAsync(exporter, "?name=r1"));

            after = await exporter.FleetTextAsync();
            Assert.DoesNotContain("runner_name=\"r1\"", after, StringComparison.Ordinal);
            Assert.Equal(OtherCounters(before), OtherCounters(after));
            Assert.Equal(HttpStatusCode.NotFound, (await ForgetAsync(exporter, "?name=r1")).Status);
        }

        await using var again = await RunningExporter.StartAsync(options, clock);
        Assert.Equal(after, await again.FleetTextAsync());
    }

    [Theory]
    [InlineData(State.Idle, "online (idle)")]
    [InlineData(State.Busy, "busy")]
    [InlineData(State.Disconnected, "online (disconnected)")]
    public async Task Forget_RunnerThatIsThere_IsRefused(State state, string described)
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("h", state: state));
        Assert.Equal(
            (HttpStatusCode.Conflict, $"{R1} is {described}, and is not forgotten. Stop it and its agent first."),
            await ForgetAsync(exporter, "?name=r1&type=standard&scope=github.com/acme"));

        Assert.Contains("github_runner_status{runner_name=\"r1\"", await exporter.FleetTextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_RunnerWithAJobThatNobodyEnded_IsRefused()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Started("b", "j"), AgentEvents.Stopped("s"));

        var (status, text) = await ForgetAsync(exporter, "?name=r1");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.StartsWith($"{R1} has 1 job without a reported end", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forget_SeveralOfTheName_WantsToKnowWhich()
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("h1"), AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner(type: "chrome")), AgentEvents.Stopped("s"));

        Assert.Equal(
            (HttpStatusCode.Conflict, "2 runners match: r1 (type chrome, scope github.com/acme), r1 (type standard, scope github.com/acme). Select one with --type and --scope."),
            Sorted(await ForgetAsync(exporter, "?name=r1")));
        Assert.Equal(HttpStatusCode.NotFound, (await ForgetAsync(exporter, "?name=r1&type=gpu")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await ForgetAsync(exporter, "?name=r1&type=standard&scope=")).Status);
        Assert.Equal(HttpStatusCode.OK, (await ForgetAsync(exporter, "?name=r1&type=standard")).Status);
        Assert.Equal((HttpStatusCode.NotFound, "There is no runner r2. The live page lists those that are known."), await ForgetAsync(exporter, "?name=r2"));
        Assert.Equal((HttpStatusCode.NotFound, "There is no runner r1 of that type and scope, but r1 (type chrome, scope github.com/acme)."), await ForgetAsync(exporter, "?name=r1&type=standard"));
        Assert.Equal(HttpStatusCode.BadRequest, (await ForgetAsync(exporter, "")).Status);

        static (HttpStatusCode, string) Sorted((HttpStatusCode Status, string Text) answer) =>
            (answer.Status, answer.Text.Replace("r1 (type standard, scope github.com/acme), r1 (type chrome, scope github.com/acme)", "r1 (type chrome, scope github.com/acme), r1 (type standard, scope github.com/acme)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("second-token-0123456789", HttpStatusCode.Unauthorized)]
    [InlineData("first-token-0123456789", HttpStatusCode.OK)]
    public async Task Forget_ExporterWithTokens_WantsOneOfThem(string? token, HttpStatusCode expected)
    {
        var file = Path.Combine(_folder.Path, "tokens");
        await File.WriteAllTextAsync(file, "first-token-0123456789\n", RunningExporter.Cancelled);
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { TokenFile = file });
        await exporter.SendAsync(AgentEvents.Batch(exporter.Clock.GetUtcNow(), AgentEvents.Heartbeat("h"), AgentEvents.Stopped("s")), token: "first-token-0123456789");
        exporter.Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

        Assert.Equal(expected, (await ForgetAsync(exporter, "?name=r1")).Status);
    }

    // What comes through a proxy is from elsewhere, and a browser shows any page; this machine's own command sends none of these.
    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("Origin", "http://evil.example")]
    public async Task Forget_FromElsewhere_IsForbidden(string header, string value)
    {
        await using var exporter = await RunningExporter.StartAsync();
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Stopped("s"));
        exporter.Client.DefaultRequestHeaders.Add(header, value);

        Assert.Equal(HttpStatusCode.Forbidden, (await ForgetAsync(exporter, "?name=r1")).Status);
    }

    [Fact]
    public async Task Forget_JournalCannotBeWritten_ForgetsNothing()
    {
        await using var exporter = await RunningExporter.StartAsync(new ExporterOptions { DataDirectory = _folder.Path });
        await exporter.SendAsync(AgentEvents.Heartbeat("h"), AgentEvents.Stopped("s"));
        await exporter.StopTakingAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await ForgetAsync(exporter, "?name=r1")).Status);

        Assert.Contains("runner_name=\"r1\"", await exporter.FleetTextAsync(), StringComparison.Ordinal);
    }

    private static IEnumerable<string> OtherCounters(string text) => text.Split('\n').Where(line => line.Contains("\"other\"", StringComparison.Ordinal) && line.Contains("_total", StringComparison.Ordinal));

    private static async Task<(HttpStatusCode Status, string Text)> ForgetAsync(RunningExporter exporter, string query)
    {
        // The tests' clock stands still, and who reports in the very moment is there.
        exporter.Clock.Advance(TimeSpan.FromSeconds(1));
        using var answer = await exporter.Client.DeleteAsync(new Uri("/api/v1/runners" + query, UriKind.Relative), RunningExporter.Cancelled);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(RunningExporter.Cancelled)).Trim());
    }
}
