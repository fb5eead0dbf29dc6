using System.Text;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Whose logs they are, by the runner's own settings.</summary>
public sealed class RunnerSettingsTests : IDisposable
{
    private const string Settings = """
        [2026-11-21 00:00:00Z INFO BrokerMessageListener] {
          "AgentId": 7,
          "AgentName": "build-1",
          "Ephemeral": true,
          "GitHubUrl": "https://github.com/acme",
        }

        """;

    private readonly TemporaryFolder _runner = new();

    public void Dispose() => _runner.Dispose();

    [Fact]
    public void Read_SettingsInTheLog_AreTheRunners()
    {
        var ended = Assert.Single(Read(With(Settings)).OfType<JobEnded>());
        Assert.Equal(new RunnerSettings("build-1", "github.com/acme", 7, Ephemeral: true), RunnerSettings.Unknown.Under(ended.Life));
        Assert.Equal(JobKey.Create("build-1", SmallLog.Job, ended.Job.StartedAt, "github.com/acme"), ended.Job.JobKey);
    }

    [Fact]
    public void Read_TwoRunnersOfOneNameInOneSecond_AreTwo()
    {
        var ours = Read(With(Settings));
        var theirs = Read(With(Settings.Replace("/acme", "/other", StringComparison.Ordinal)));
        Assert.NotEqual(ours.OfType<JobEnded>().Single().Job.JobKey, theirs.OfType<JobEnded>().Single().Job.JobKey);
        Assert.NotEqual(ours[0].Life!.InstanceId, theirs[0].Life!.InstanceId);
    }

    [Fact]
    public void Read_SettingsRefreshedByTheSameProcess_AreOneLifeAndOneKeyAJob()
    {
        var listener = With(Settings).TrimEnd('\n') + '\n' + Settings.Replace("00:00:00Z", "00:00:10Z", StringComparison.Ordinal).TrimStart()
            + "[2026-11-21 00:00:11Z INFO Listener] Runner execution has finished with return code 0\n";
        var told = Read(listener);
        Assert.Equal(3, told.Count);
        Assert.Single(told.Select(one => one.Life!.InstanceId).Distinct());
        Assert.Equal(Read(With(Settings))[0].Life!.InstanceId, told[0].Life!.InstanceId);
    }

    [Fact]
    public void Read_ReadOnFromACheckpoint_KnowsWhoseItIs()
    {
        var folder = new MemoryFolder();
        folder.Append(LogFolder.ListenerPage, Encoding.UTF8.GetBytes(string.Join('\n', With(Settings).Split('\n').Take(8)) + "\n"));
        using var before = Follow(folder, null, RunnerSettings.Unknown);
        before.Read([], int.MaxValue, final: false);
        var kept = Agent.Spool.SpoolPlace.ToCheckpoint(Agent.Spool.SpoolPlace.ToPlace(before.Checkpoint));
        folder.Append(LogFolder.ListenerPage, "[2026-11-21 00:00:11Z INFO Listener] Runner execution has finished with return code 0\n"u8);

        using var after = Follow(folder, kept, new RunnerSettings("another", "github.com/another", 1));
        var events = new List<DiagEvent>();
        after.Read(events, int.MaxValue, final: false);
        var stopped = Assert.IsType<ListenerEnded>(Assert.Single(events));
        Assert.Equal(before.Life!.InstanceId, stopped.Of.InstanceId);
        Assert.Equal(("build-1", "github.com/acme", 7), (stopped.Of.Name, stopped.Of.Scope, stopped.Of.RunnerId));
    }

    [Theory]
    [InlineData("  \"AgentName\": \"build-***\",", "spare", "github.com/acme")]
    [InlineData("  \"AgentName\": \"ephemeral\",", "spare", "github.com/acme")]
    [InlineData("  \"Agent\": 1,", "spare", "github.com/acme")]
    [InlineData("  \"AgentName\": \"build-1\",\n  \"GitHubUrl\": \"***\",", "build-1", "github.com/acme")]
    public void Read_LogDoesNotSayIt_TakesTheSettingsGiven(string line, string name, string scope)
    {
        var life = Read(With(Settings.Replace("  \"AgentName\": \"build-1\",", line, StringComparison.Ordinal)))[0].Life;
        var runner = new RunnerSettings("spare", "github.com/spare", 9).Under(life);
        Assert.Equal((name, scope, 7), (runner.Name, runner.Scope, runner.Id));
    }

    [Fact]
    public void Under_LogWithoutSettings_TakesAllOfThoseGiven()
    {
        var given = new RunnerSettings("spare", "github.com/spare", 9, Ephemeral: true);
        Assert.Equal(given, given.Under(Read(SmallLog.Listener())[0].Life));
        Assert.Equal(given, given.Under(null));
    }

    [Theory]
    [InlineData("{\"agentId\": 7, \"agentName\": \"build-1\", \"gitHubUrl\": \"https://GHE.example.com:8443/acme/shop/\", \"ephemeral\": true}", "build-1", "ghe.example.com:8443/acme/shop", 7, true)]
    [InlineData("\uFEFF{\n  \"AgentName\": \"build-1\",\n  \"GitHubUrl\": \"https://github.com/enterprises/acme\"\n}", "build-1", "github.com/enterprises/acme", 0, false)]
    [InlineData("{\"agentName\": \"build-1\", \"gitHubUrl\": \"file:///etc\"}", "build-1", "", 0, false)]
    [InlineData("{\"agentName\": \"other\"}", "", "", 0, false)]
    [InlineData("{\"agentName\": 7}", "", "", 0, false)]
    [InlineData("[]", "", "", 0, false)]
    [InlineData("{\"agentName\": \"bu", "", "", 0, false)]
    [InlineData("", "", "", 0, false)]
    public void ReadSettings_RunnerFile_SaysWhoItIs(string content, string name, string scope, long id, bool ephemeral)
    {
        File.WriteAllText(_runner.File(".runner"), content);
        Assert.Equal(new RunnerSettings(name, scope, id, ephemeral), RunnerFolder.Of(_runner.File("_diag")).ReadSettings());
    }

    [Fact]
    public void ReadSettings_FileIsALinkOrMissing_AreNotKnown()
    {
        var folder = RunnerFolder.Of(_runner.File("_diag"));
        Assert.Equal(RunnerSettings.Unknown, folder.ReadSettings());
        File.CreateSymbolicLink(_runner.File(".runner"), "/dev/zero");
        Assert.Equal(RunnerSettings.Unknown, folder.ReadSettings());
        Assert.Equal("given", folder.ReadSettings("given").Name);
    }

    private static string With(string settings) =>
        SmallLog.Listener().Replace("[2026-11-21 00:00:01Z INFO Terminal]", settings + "[2026-11-21 00:00:01Z INFO Terminal]", StringComparison.Ordinal);

    private static List<DiagEvent> Read(string listener)
    {
        var folder = new MemoryFolder();
        folder.Append(LogFolder.ListenerPage, Encoding.UTF8.GetBytes(listener));
        using var tail = Follow(folder, null, RunnerSettings.Unknown);
        var events = new List<DiagEvent>();
        tail.Read(events, int.MaxValue, final: true);
        return events;
    }

    private static DiagTail Follow(MemoryFolder folder, DiagCheckpoint? from, RunnerSettings settings) =>
        new(folder, settings, from, MemoryFolder.Machine, new ManualTimeProvider(), new MemoryLogger());
}
