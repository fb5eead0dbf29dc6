using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunnerMetrics.Agent.Tests.Delivery;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Deployments;

/// <summary>The steps of a pipeline report deployments and incidents to a real collector.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private const string Sha = "6113728f27ae82c7b1a177c8d03f9e96e0adf246";

    private readonly TemporaryFolder _folder = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly Dictionary<string, string> _environment = new()
    {
        ["GITHUB_SERVER_URL"] = "https://github.com",
        ["GITHUB_REPOSITORY"] = "acme/shop",
        ["GITHUB_SHA"] = Sha,
        ["GITHUB_RUN_ID"] = "4711",
        ["GITHUB_RUN_ATTEMPT"] = "2",
    };

    public ReportCommandTests()
    {
        File.WriteAllText(_folder.File("token"), "secret");
        _environment["RUNNER_METRICS_TOKEN_FILE"] = _folder.File("token");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deployment_FromAStep_KnowsItsRunAndItsCommit()
    {
        await using var collector = await StartAsync();
        var code = await ReportAsync("deployment", "report", "--state", "success", "--committed-at", "2026-11-20T12:00:00+02:00", "--rework");

        Assert.Equal((0, "", "reported"), (code, _errors.ToString(), _output.ToString().Trim()));
        var sent = Assert.Single(collector.Events).Deployment;
        Assert.Equal(
            ("run-4711-2-production", "https://github.com", "acme/shop", "production", Contracts.V1.Deployment.Types.State.Success, Sha, true),
            (sent.DeploymentId, sent.ServerUrl, sent.Repository, sent.Environment, sent.State, sent.Sha, sent.Rework));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 10, 0, 0, TimeSpan.Zero).ToTimestamp(), sent.HeadCommittedAt);
        Assert.Null(sent.OldestCommittedAt);
        Assert.NotNull(sent.FinishedAt);
    }

    [Fact]
    public async Task Deployment_StepRunAgain_HasTheSameEventIdAndAnotherAttemptAnother()
    {
        await using var collector = await StartAsync();
        // On a busy machine a report may be sent twice: under the same id, which the last one shows.
        async Task<string> IdAsync(string state)
        {
            Assert.Equal(0, await ReportAsync("deployment", "report", "--state", state));
            return collector.Events[^1].EventId;
        }

        List<string> ids = [await IdAsync("success"), await IdAsync("success"), await IdAsync("pending")];
        _environment["GITHUB_RUN_ATTEMPT"] = "3";
        ids.Add(await IdAsync("success"));

        Assert.Equal(ids[0], ids[1]);
        Assert.Equal(3, ids.Distinct().Count());
        Assert.All(ids, id => Assert.InRange(id.Length, 1, 128));
    }

    [Fact]
    public async Task Incident_OpenedAndResolved_SaysWhatIsKnownOfEach()
    {
        await using var collector = await StartAsync();
        Assert.Equal(0, await ReportAsync("incident", "report", "--id", "77", "--deployment-id", "run-4711-2-production", "--environment", "live"));
        Assert.Equal(0, await ReportAsync("incident", "report", "--id", "77", "--resolved", "--environment", "live"));
        Assert.Equal(0, await ReportAsync("incident", "report", "--id", "78", "--opened-at", "2026-11-20T12:00:00Z", "--resolved-at", "2026-11-20T13:30:00Z"));

        var incidents = collector.Events.Select(sent => sent.Incident).ToArray();
        Assert.Equal(("77", "live", "run-4711-2-production"), (incidents[0].IncidentId, incidents[0].Environment, incidents[0].DeploymentId));
        Assert.Equal((true, false), (incidents[0].OpenedAt is not null, incidents[0].ResolvedAt is not null));
        Assert.Equal((false, true), (incidents[1].OpenedAt is not null, incidents[1].ResolvedAt is not null));
        Assert.Equal(TimeSpan.FromMinutes(90), (incidents[2].ResolvedAt - incidents[2].OpenedAt).ToTimeSpan());
    }

    [Fact]
    public async Task Report_CollectorIsAwayForAMoment_TriesAgain()
    {
        await using var collector = await StartAsync(call => call <= 2 ? new RpcException(new Status(StatusCode.Unavailable, "starting")) : null);
        Assert.Equal(0, await ReportAsync("deployment", "report", "--state", "failure"));
        Assert.Single(collector.Events);
    }

    [Fact]
    public async Task Report_CollectorStaysAway_EndsWithOneAndSaysWhy()
    {
        await using var collector = await StartAsync(_ => new RpcException(new Status(StatusCode.Unavailable, "starting")));
        Assert.Equal(1, await InvokeAsync("deployment", "report", "--state", "success", "--timeout", "1"));
        Assert.StartsWith("The collector did not accept the report", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_WrongToken_EndsWithOneAtOnce()
    {
        await using var collector = await StartAsync();
        File.WriteAllText(_folder.File("token"), "wrong");
        Assert.Equal(1, await InvokeAsync("deployment", "report", "--state", "success"));
        Assert.Contains("who are you?", _errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_NothingGiven_SaysAllThatIsMissing()
    {
        _environment.Clear();
        Assert.Equal(2, await InvokeAsync("deployment", "report"));
        Assert.Equal(
            [
                "--collector is missing: give the exporter's gRPC address, such as http://127.0.0.1:9095.",
                "--state must be pending, in_progress, success or failure; it is ''.",
                "--repository is missing: give owner/name, or set GITHUB_REPOSITORY.",
                "--id is missing: give an id that is unique in the repository, or set GITHUB_RUN_ID.",
            ],
            Errors());
    }

    [Fact]
    public async Task Report_EverythingWrong_SaysAllOfIt()
    {
        Assert.Equal(2, await InvokeAsync(
            "deployment", "report", "--collector", "http://127.0.0.1:1", "--state", "in_progress", "--repository", "shop", "--id", "é", "--sha", "6113728",
            "--committed-at", "yesterday", "--finished-at", "2026-11-20", "--environment", "", "--timeout", "0"));
        Assert.Equal(
            [
                "--timeout '0' is not a whole number from 1 to 3600.",
                "--sha must be a commit's full hash; it is '6113728'.",
                "--finished-at goes with success and failure only, not with in_progress: leave it out.",
                "--repository 'shop' is not a repository: give owner/name.",
                "--environment has 0 characters: give its name, such as production, of at most 255.",
                "--committed-at must be a time such as 2026-11-21T12:00:00Z; it is 'yesterday'.",
                "--id must be 1 to 128 printable ASCII characters; it is 'é'.",
            ],
            Errors());
        _errors.GetStringBuilder().Clear();
        Assert.Equal(2, await InvokeAsync("incident", "report", "--collector", "http://127.0.0.1:1", "--opened-at", "2026-11-20", "--resolved-at", "2026-11-19"));
        Assert.Equal(
            ["--id must be 1 to 128 printable ASCII characters; it is ''.", "--resolved-at is before --opened-at: an incident ends after it begins."],
            Errors());
    }

    private async Task<LoopbackCollector> StartAsync(Func<int, Exception?>? fails = null)
    {
        var collector = await LoopbackCollector.StartAsync("secret", fails);
        _environment["RUNNER_METRICS_COLLECTOR"] = collector.Address.ToString();
        return collector;
    }

    // The last line says where to look.
    private string[] Errors() => _errors.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];

    // However long the machine takes.
    private Task<int> ReportAsync(params string[] arguments) => InvokeAsync([.. arguments, "--timeout", "3600"]);

    private Task<int> InvokeAsync(params string[] arguments) =>
        new AgentCommandLine(_ => Task.FromResult(7), name => _environment.GetValueOrDefault(name), _errors).InvokeAsync(arguments, _output, _errors);
}
