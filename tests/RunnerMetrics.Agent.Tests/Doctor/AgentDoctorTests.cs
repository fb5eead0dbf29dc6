using System.Net;
using System.Net.Sockets;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Tests.Hooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Doctor;

/// <summary><c>doctor</c>, from the arguments to what it says and ends with.</summary>
public sealed class AgentDoctorTests : IAsyncDisposable
{
    private readonly TemporaryFolder _runner = new();
    private readonly TemporaryFolder _own = new();
    private readonly Dictionary<string, string> _environment = [];
    private CollectorStub? _collector;
    private TimeProvider _time = TimeProvider.System;

    public AgentDoctorTests()
    {
        Directory.CreateDirectory(_runner.File("_diag"));
        Directory.CreateDirectory(_own.File("hooks"));
        File.WriteAllText(_runner.File("_diag/Runner_20261121-002242-utc.log"), "[2026-11-21 00:22:42Z INFO Listener] Version: 2.336.0\n");
        _environment["RUNNER_METRICS_DIAG"] = _runner.File("_diag");
        _environment["RUNNER_METRICS_SPOOL"] = _own.File("spool");
        _environment["RUNNER_METRICS_HOOKS"] = _own.File("hooks");
        _environment["RUNNER_NAME"] = "runner-1";
        _environment["RUNNER_TYPE"] = "standard";
        _environment["ACTIONS_RUNNER_HOOK_JOB_STARTED"] = HookRun.Started;
        _environment["ACTIONS_RUNNER_HOOK_JOB_COMPLETED"] = HookRun.Completed;
    }

    public async ValueTask DisposeAsync()
    {
        if (_collector is not null)
        {
            await _collector.DisposeAsync();
        }

        _own.Dispose();
        _runner.Dispose();
    }

    [Fact]
    public async Task Doctor_AllIsWell_SaysSoAndEndsWith0()
    {
        await StartCollectorAsync();
        var (exitCode, said) = await RunAsync();

        Assert.Equal(
            $"""
            ok       options    {_runner.File("_diag")}, as type standard; events that wait are kept in {_own.File("spool")}.
            ok       _diag      {_runner.File("_diag")}: runner 2.336.0, last written to * s ago.
            ok       runner     runner-1, from --runner-name: its own settings have not been read yet, so its scope is not known.
            ok       hooks      {_own.File("hooks")} is writable.
            ok       hooks      ACTIONS_RUNNER_HOOK_JOB_STARTED names {HookRun.Started}.
            ok       hooks      ACTIONS_RUNNER_HOOK_JOB_COMPLETED names {HookRun.Completed}.
            ok       spool      {_own.File("spool")} is writable.
            ok       collector  {_collector!.Address} answers.
            ok       token      The collector requires none.
            ok       clock      It agrees with the collector's.

            """,
            System.Text.RegularExpressions.Regex.Replace(said, "to [0-9]+ s ago", "to * s ago"));
        Assert.Equal(0, exitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_own.File("hooks")));
    }

    [Fact]
    public async Task Doctor_NothingGivenAndNoRunnerFound_SaysSo()
    {
        _environment.Clear();
        var (exitCode, said) = await RunAsync();
        Assert.Equal(1, exitCode);
        Assert.Contains("problem  options    --diag is missing, and no runner was found in /work or among the processes", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_LogSaysWhoItIs_SaysSo()
    {
        _environment.Remove("RUNNER_NAME");
        _environment["RUNNER_METRICS_DIAG"] = Diagnostics.FieldReplay.DiagOf("token-revoked");
        await AssertSaysAsync("runner", "build-1 of github.com/acme/shop, by its log.");
    }

    [Fact]
    public async Task Doctor_RunnersFileSaysWhoItIs_SaysSo()
    {
        _environment.Remove("RUNNER_NAME");
        File.WriteAllText(_runner.File(".runner"), "{\"agentName\": \"build-1\", \"gitHubUrl\": \"https://github.com/acme\"}");
        await AssertSaysAsync("runner", "build-1 of github.com/acme, by its file .runner.");
    }

    [Fact]
    public Task Doctor_GivenAnotherName_SaysWhichIsReported()
    {
        File.WriteAllText(_runner.File(".runner"), "{\"agentName\": \"build-1\"}");
        return AssertProblemAsync("runner", "--runner-name (or RUNNER_NAME) says runner-1, and its file .runner says build-1: it is reported as build-1");
    }

    [Fact]
    public Task Doctor_NothingSaysWhoItIs_SaysSo()
    {
        _environment.Remove("RUNNER_NAME");
        return AssertProblemAsync("runner", "is neither in its log nor in its file .runner");
    }

    [Fact]
    public Task Doctor_NoDiag_SaysSo()
    {
        _environment["RUNNER_METRICS_DIAG"] = _runner.File("absent");
        return AssertProblemAsync("_diag", "There is no folder");
    }

    [Fact]
    public Task Doctor_DiagWithoutALog_SaysSo()
    {
        File.Delete(_runner.File("_diag/Runner_20261121-002242-utc.log"));
        return AssertProblemAsync("_diag", "contains no runner log");
    }

    [Fact]
    public Task Doctor_DiagOfARunnerThatIsGone_SaysSo()
    {
        File.SetLastWriteTimeUtc(_runner.File("_diag/Runner_20261121-002242-utc.log"), TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-3));
        return AssertProblemAsync("_diag", "was last written to 3 days ago");
    }

    [Theory]
    [InlineData("runner-not-back-after-power-cut", "The runner ended without a last line, after a power failure or a kill")]
    [InlineData("clock-behind-after-reboot", "by the clock: it was set back in between")]
    [InlineData("clock-set-back-between-jobs", "clock was set back by 10 min")]
    [InlineData("completion-refused", "The last job, test, was failed because of the runner, not because of its own steps: GitHub did not accept the job's completion.")]
    [InlineData("abandoned-lease-lost", "GitHub did not accept the job's completion")]
    [InlineData("worker-wedged-after-complete", "GitHub did not accept the job's completion")]
    [InlineData("worker-log-disk-full", "the worker process ended with exit code 134")]
    [InlineData("ipc-timeout", "the worker process could not be reached")]
    [InlineData("broker-blackhole-first-poll", "GET https://broker.actions.githubusercontent.com/message timed out after 100 seconds.")]
    [InlineData("broker-migration-badrequest", "failed with status: BadRequest")]
    [InlineData("session-conflict", "Runner connect error: Error: Conflict")]
    [InlineData("deprecated-exit-no-lock", "Runner version v2.317.0 is deprecated and cannot receive messages")]
    [InlineData("token-revoked", "the listener ended (Runner execution has finished with return code 0)")]
    public Task Doctor_FolderFromTheField_NamesTheCause(string name, string cause)
    {
        _environment["RUNNER_METRICS_DIAG"] = Diagnostics.FieldReplay.DiagOf(name);
        return AssertSaysAsync("_diag", cause);
    }

    [Theory]
    [InlineData("version-asked-while-listening", "Runner_20261128-183417-utc.log")]
    [InlineData("config-asked-while-idle", "Runner_20261128-184916-utc.log")]
    public Task Doctor_FolderWithAnotherProcess_SaysWhichDoesNotListen(string name, string log)
    {
        _environment["RUNNER_METRICS_DIAG"] = Diagnostics.FieldReplay.DiagOf(name);
        return AssertSaysAsync("_diag", $"{log} is of another start of the runner's program");
    }

    [Fact]
    public Task Doctor_LinkAmongTheLogs_NamesIt()
    {
        File.CreateSymbolicLink(_runner.File("_diag/Worker_20261121-002243-utc.log"), "/dev/zero");
        return AssertProblemAsync("_diag", "Worker_20261121-002243-utc.log is not a regular file");
    }

    [Fact]
    public async Task Doctor_NoHookFolder_IsWell()
    {
        _environment.Remove("RUNNER_METRICS_HOOKS");
        await StartCollectorAsync();
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    [Fact]
    public Task Doctor_HookFolderMissing_SaysSo()
    {
        Directory.Delete(_own.File("hooks"));
        return AssertProblemAsync("hooks", "There is no folder");
    }

    [Fact]
    public async Task Doctor_HookFolderReadOnly_SaysSo()
    {
        await using var disk = await SmallDisk.MountAsync("size=16k,ro");
        _environment["RUNNER_METRICS_HOOKS"] = disk.Path;
        await AssertProblemAsync("hooks", "is not writable");
    }

    [Fact]
    public Task Doctor_HookNotSet_SaysSo()
    {
        _environment.Remove("ACTIONS_RUNNER_HOOK_JOB_STARTED");
        return AssertProblemAsync("hooks", "ACTIONS_RUNNER_HOOK_JOB_STARTED is set neither here nor in the runner's .env file");
    }

    [Fact]
    public async Task Doctor_HookInTheRunnersEnvFile_IsWell()
    {
        _environment.Remove("ACTIONS_RUNNER_HOOK_JOB_STARTED");
        File.WriteAllText(_runner.File(".env"), $"LANG=C.UTF-8\nACTIONS_RUNNER_HOOK_JOB_STARTED={HookRun.Started}\n");
        await StartCollectorAsync();
        Assert.Equal(0, (await RunAsync()).ExitCode);
    }

    [Fact]
    public Task Doctor_HookWithoutAnExtension_SaysThatEveryJobFails()
    {
        _environment["ACTIONS_RUNNER_HOOK_JOB_STARTED"] = "/opt/hook";
        return AssertProblemAsync("hooks", "and fails every job");
    }

    [Fact]
    public Task Doctor_HookMissing_SaysThatEveryJobFails()
    {
        _environment["ACTIONS_RUNNER_HOOK_JOB_STARTED"] = _own.File("absent.sh");
        return AssertProblemAsync("hooks", "every job fails");
    }

    [Fact]
    public Task Doctor_HooksMixedUp_SaysSo()
    {
        _environment["ACTIONS_RUNNER_HOOK_JOB_COMPLETED"] = HookRun.Started;
        return AssertProblemAsync("hooks", "the script depends on its own name. Set it to job-completed.sh.");
    }

    [Fact]
    public Task Doctor_AnotherHook_SaysHowToHaveBoth()
    {
        File.WriteAllText(_own.File("mine.sh"), "exit 0");
        _environment["ACTIONS_RUNNER_HOOK_JOB_COMPLETED"] = _own.File("mine.sh");
        return AssertProblemAsync("hooks", "RUNNER_METRICS_NEXT_COMPLETED_HOOK to your own hook");
    }

    [Fact]
    public async Task Doctor_SpoolReadOnly_SaysSo()
    {
        await using var disk = await SmallDisk.MountAsync("size=16k,ro");
        _environment["RUNNER_METRICS_SPOOL"] = Path.Combine(disk.Path, "spool");
        await AssertProblemAsync("spool", "is not writable");
    }

    [Fact]
    public async Task Doctor_SpoolFull_SaysSo()
    {
        await using var disk = await SmallDisk.MountAsync("size=16k");
        disk.Fill();
        _environment["RUNNER_METRICS_SPOOL"] = disk.Path;
        await AssertProblemAsync("spool", "is not writable");
    }

    [Fact]
    public Task Doctor_CollectorAway_SaysSo()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        _environment["RUNNER_METRICS_COLLECTOR"] = $"http://127.0.0.1:{port}";
        return AssertProblemAsync("collector", "does not answer");
    }

    [Fact]
    public async Task Doctor_AnotherServer_SaysThatItIsNoCollector()
    {
        await StartCollectorAsync(await SmallCollector.StartAsync(isHealthy: null));
        await AssertProblemAsync("collector", "is not a collector");
    }

    [Fact]
    public async Task Doctor_CertificateNotTrusted_SaysWhatToDo()
    {
        await StartCollectorAsync(await SmallCollector.StartAsync(tls: true));
        await AssertProblemAsync("tls", "SSL_CERT_FILE");
    }

    [Fact]
    public async Task Doctor_TokenAccepted_IsWell()
    {
        await StartCollectorAsync(await SmallCollector.StartAsync("good"));
        File.WriteAllText(_own.File("token"), "good\n");
        _environment["RUNNER_METRICS_TOKEN_FILE"] = _own.File("token");
        var (exitCode, said) = await RunAsync();
        Assert.Contains("ok       token      The collector accepts it.", said, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Doctor_TokenWrong_SaysSoAndNotTheToken()
    {
        await StartCollectorAsync(await SmallCollector.StartAsync("good"));
        File.WriteAllText(_own.File("token"), "hunter2\n");
        _environment["RUNNER_METRICS_TOKEN_FILE"] = _own.File("token");
        await AssertProblemAsync("token", "does not know the token");
        Assert.DoesNotContain("hunter2", (await RunAsync()).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_TokenMissing_SaysSo()
    {
        await StartCollectorAsync(await SmallCollector.StartAsync("good"));
        await AssertProblemAsync("token", "The collector requires a token");
    }

    [Theory]
    [InlineData(90, "ahead of")]
    [InlineData(-90, "behind")]
    public async Task Doctor_ClockWrong_SaysByHowMuch(int seconds, string which)
    {
        _time = new OffsetTimeProvider(TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(seconds));
        await AssertProblemAsync("clock", $" s {which} the collector's");
    }

    private async Task StartCollectorAsync(CollectorStub? collector = null)
    {
        _collector = collector ?? await SmallCollector.StartAsync();
        _environment["RUNNER_METRICS_COLLECTOR"] = _collector.Address.ToString();
    }

    private async Task AssertProblemAsync(string subject, string text)
    {
        if (!_environment.ContainsKey("RUNNER_METRICS_COLLECTOR"))
        {
            await StartCollectorAsync();
        }

        var (exitCode, said) = await RunAsync();
        var problem = Assert.Single(said.Split('\n'), line => line.StartsWith("problem", StringComparison.Ordinal));
        Assert.StartsWith($"problem  {subject,-10} ", problem, StringComparison.Ordinal);
        Assert.Contains(text, problem, StringComparison.Ordinal);
        Assert.Equal(1, exitCode);
    }

    private async Task AssertSaysAsync(string subject, string text)
    {
        await StartCollectorAsync();
        var (_, said) = await RunAsync();
        Assert.Contains(said.Split('\n'), line => line.Contains($" {subject,-10} ", StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal));
    }

    private async Task<(int ExitCode, string Said)> RunAsync()
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter();
        var commands = new AgentCommandLine(
            _ => throw new InvalidOperationException("No agent is to run."), name => _environment.GetValueOrDefault(name), errors, _time, () => Stream.Null, () => Stream.Null,
            new Discovery(name => _environment.GetValueOrDefault(name), "/work", () => []));
        var exitCode = await commands.InvokeAsync(["doctor"], output, errors);
        Assert.Equal("", errors.ToString());
        return (exitCode, output.ToString());
    }
}
