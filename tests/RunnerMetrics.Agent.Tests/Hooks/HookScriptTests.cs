using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>The hook scripts, run by real shells.</summary>
public sealed class HookScriptTests : IDisposable
{
    private const int AtOnce = 200;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Shells => HookRun.Shells;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Run_RealRunnersEnvironment_WritesWhatTheAgentNeedsAndNothingElse(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var run = await HookRun.RunAsync(shell, Given("ok"), HookRun.Started);

        Assert.Equal(new ProcessRun(0, "", ""), run);
        var text = Assert.Single(Texts());
        var time = Regex.Match(text, "(?<=^EVENT=job-started\n)(TIME=[0-9]{10}\n)?", RegexOptions.Multiline);
        Assert.Equal(shell.StartsWith("/bin/bash", StringComparison.Ordinal), time.Length > 0);
        Assert.Equal(
            """
            runner-metrics-hook 1
            EVENT=job-started
            RUNNER_NAME=mock-runner-1
            GITHUB_SERVER_URL=https://github.com
            GITHUB_REPOSITORY=acme/shop
            GITHUB_WORKFLOW=CI
            GITHUB_RUN_ID=1001
            GITHUB_RUN_ATTEMPT=1
            GITHUB_JOB=build
            end

            """,
            text.Remove(time.Index, time.Length));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Write_ByShell_IsTheSame(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        await HookRun.RunAsync("/bin/sh", Given("ok"), HookRun.Started, "--write", "1795220563");
        await HookRun.RunAsync(shell, Given("ok"), HookRun.Started, "--write", "1795220563");

        var texts = Texts();
        Assert.Equal(2, texts.Count);
        Assert.Equal(texts[0], texts[1]);
    }

    [Theory]
    [InlineData("hook-started.env", "job-started")]
    [InlineData("hook-completed.env", "job-completed")]
    public async Task Run_EitherHook_SaysWhich(string environment, string kind)
    {
        var given = Given("fail", environment);
        await HookRun.RunAsync("/bin/bash -e", given, kind == "job-started" ? HookRun.Started : HookRun.Completed);

        Assert.Contains($"EVENT={kind}\n", Assert.Single(Texts()), StringComparison.Ordinal);
        Assert.Matches($@"\A{kind}-\d+-\d+-1002\.hook\z", Assert.Single(Names()));
    }

    [Fact]
    public async Task Run_CopyOfTheScript_GoesByItsName()
    {
        var copy = _folder.File("job-completed.sh");
        File.Copy(HookRun.Started, copy);
        await HookRun.RunAsync("/bin/bash -e", Given("fail", "hook-completed.env"), copy);

        Assert.Contains("EVENT=job-completed\n", Assert.Single(Texts()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Write_HostileValues_StayInTheirLines(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var given = Given("ok");
        given["GITHUB_WORKFLOW"] = "a\nend\nGITHUB_RUN_ID=9\r\\n\\ \"'$(touch /tmp/never)`touch /tmp/never`*%s;";
        given["GITHUB_REPOSITORY"] = "";
        given["GITHUB_JOB"] = "-e -n";
        var run = await HookRun.RunAsync(shell, given, HookRun.Started, "--write", "1");

        Assert.Equal(new ProcessRun(0, "", ""), run);
        var text = Assert.Single(Texts());
        Assert.Contains("\nGITHUB_WORKFLOW=a\\nend\\nGITHUB_RUN_ID=9\\r\\\\n\\\\ \"'$(touch /tmp/never)`touch /tmp/never`*%s;\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("GITHUB_REPOSITORY", text, StringComparison.Ordinal);
        Assert.Contains("\nGITHUB_JOB=-e -n\nend\n", text, StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/never"));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Write_OneMegabyteOfVariables_IsCut(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        // Linux takes no single variable that is longer than 128 kB.
        var longest = new string('x', 130_000);
        var given = Given("ok");
        foreach (var name in (string[])["RUNNER_NAME", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_WORKFLOW", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "OTHER"])
        {
            given[name] = longest;
        }

        var run = await HookRun.RunAsync(shell, given, HookRun.Started, "--write", "1");

        Assert.Equal(new ProcessRun(0, "", ""), run);
        Assert.All(Assert.Single(Texts()).Split('\n'), line => Assert.True(line.Length <= "GITHUB_RUN_ATTEMPT=".Length + 512, line));
    }

    [Fact]
    public async Task Run_Secrets_AreNotWritten()
    {
        var given = Given("ok");
        given["ACTIONS_RUNTIME_TOKEN"] = given["GITHUB_TOKEN"] = given["DEPLOY_KEY"] = "hunter2";
        await HookRun.RunAsync("/bin/bash -e", given, HookRun.Completed);

        Assert.DoesNotContain("hunter2", Assert.Single(Texts()), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Run_FolderMissing_EndsWell(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var given = Given("ok");
        given["RUNNER_METRICS_HOOKS"] = _folder.File("absent");
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync(shell, given, HookRun.Started));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Run_FolderReadOnly_EndsWell()
    {
        await using var disk = await SmallDisk.MountAsync("size=16k,ro");
        var given = Given("ok");
        given["RUNNER_METRICS_HOOKS"] = disk.Path;
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync("/bin/bash -e", given, HookRun.Started));
        Assert.Empty(Directory.EnumerateFileSystemEntries(disk.Path));
    }

    [Fact]
    public async Task Run_DiskFull_EndsWellAndLeavesNothing()
    {
        await using var disk = await SmallDisk.MountAsync("size=16k");
        disk.Fill();
        var given = Given("ok");
        given["RUNNER_METRICS_HOOKS"] = disk.Path;
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync("/bin/bash -e", given, HookRun.Started));
        Assert.Equal("filler", Path.GetFileName(Assert.Single(Directory.EnumerateFileSystemEntries(disk.Path))));
    }

    [Fact]
    public async Task Run_NoFolderNamed_WritesBesideTheScript()
    {
        var script = _folder.File("job-started.sh");
        File.Copy(HookRun.Started, script);
        var given = Given("ok");
        given.Remove("RUNNER_METRICS_HOOKS");
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync("/bin/bash -e", given, script));
        Assert.Single(Texts());
    }

    // A write that blocks: every name that the script may choose is a pipe that nobody reads. Behind its last process id the kernel goes on at 300.
    [Theory]
    [InlineData("/bin/bash -e")]
    [InlineData("/bin/sh")]
    public async Task Run_WriteNeverReturns_EndsWell(string shell)
    {
        const string Pipes = """
            cd "$RUNNER_METRICS_HOOKS" && seq $$ $(($$ + 1500)) |
            awk -v end="$(cat /proc/sys/kernel/pid_max)" '{ print ".job-started-" ($1 < end ? $1 : $1 - end + 300) "--1001.new" }' | xargs mkfifo
            """;
        await HookRun.RunAsync("/bin/sh", Given("ok"), "-c", Pipes);
        var given = Given("ok");
        // So that the name holds no time, as in other shells.
        given["BASH_ENV"] = _folder.File("bash-env");
        File.WriteAllText(given["BASH_ENV"], "unset EPOCHSECONDS");
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync(shell, given, HookRun.Started));
        Assert.DoesNotContain(Names(), name => name.EndsWith(".hook", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Run_VariablesOfOtherShells_EndsWell(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var given = Given("ok");
        given["BASH_VERSION"] = given["SHELLOPTS"] = given["EPOCHSECONDS"] = given["IFS"] = "posix $(touch /tmp/never)";
        given.Remove(shell.StartsWith("/bin/bash", StringComparison.Ordinal) ? "SHELLOPTS" : "");
        given["PATH"] = "/nowhere";
        given["ENV"] = "/nowhere";
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync(shell, given, HookRun.Started));
        Assert.Single(Texts());
    }

    [Fact]
    public async Task Write_TwoHundredAtOnce_WritesTwoHundredWholeFiles()
    {
        var run = await RunAtOnceAsync($"/bin/sh '{HookRun.Started}' --write 1795220563");
        Assert.Equal(new ProcessRun(0, "", ""), run);
        Assert.Equal(AtOnce, WholeRuns().Count);
    }

    // Where the machine is too slow for so many, some are given up in time; none fails, and none is half written.
    [Fact]
    public async Task Run_TwoHundredAtOnce_EndWell()
    {
        var run = await RunAtOnceAsync($"bash -e '{HookRun.Started}' || echo failed");
        Assert.Equal(new ProcessRun(0, "", ""), run);
        Assert.NotEmpty(WholeRuns());
    }

    [Fact]
    public async Task Run_NobodyTakesTheFiles_StopsAtAThousand()
    {
        for (var i = 0; i < 1000; i++)
        {
            File.WriteAllText(_folder.File($"job-started-{i}.hook"), "");
        }

        await HookRun.RunAsync("/bin/bash -e", Given("ok"), HookRun.Started);
        Assert.Equal(1000, Names().Count);
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Run_WaitsAndIsAnswered_EndsWell(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var given = Given("ok", "hook-completed.env");
        given["RUNNER_METRICS_HOOK_WAIT"] = "true";
        var hook = HookRun.RunAsync(shell, given, HookRun.Completed);
        await Wait.UntilAsync(() => Task.FromResult(hook.IsCompleted || Texts().Count == 1), () => "The hook left no file.", TestContext.Current.CancellationToken);
        Assert.Contains("\nWAITS=true\nend\n", Assert.Single(Texts()), StringComparison.Ordinal);
        File.WriteAllText(Path.ChangeExtension(Directory.GetFiles(_folder.Path, "*.hook").Single(), ".ack"), "");
        Assert.Equal(new ProcessRun(0, "", ""), await hook);
    }

    // It gives up by itself: nothing here answers, or ends it.
    [Theory]
    [MemberData(nameof(Shells))]
    public async Task Run_WaitsAndNobodyAnswers_EndsWell(string shell)
    {
        HookRun.SkipWhereMissing(shell);
        var given = Given("ok", "hook-completed.env");
        given["RUNNER_METRICS_HOOK_WAIT"] = "true";
        Assert.Equal(new ProcessRun(0, "", ""), await HookRun.RunAsync(shell, given, HookRun.Completed));
        Assert.Single(Texts());
    }

    [Fact]
    public async Task Run_JobStartedOrNotTold_DoesNotWait()
    {
        var given = Given("ok");
        await HookRun.RunAsync("/bin/bash -e", given, HookRun.Completed);
        given["RUNNER_METRICS_HOOK_WAIT"] = "true";
        await HookRun.RunAsync("/bin/bash -e", given, HookRun.Started);
        Assert.Equal(2, Texts().Count);
        Assert.All(Texts(), text => Assert.DoesNotContain("WAITS", text, StringComparison.Ordinal));
    }

    private Task<ProcessRun> RunAtOnceAsync(string command) =>
        HookRun.RunAsync("/bin/sh", Given("ok"), "-c", $"i=0; while [ $i -lt {AtOnce} ]; do i=$((i + 1)); GITHUB_RUN_ID=$i {command} & done; wait");

    private HashSet<string> WholeRuns()
    {
        var texts = Texts();
        Assert.All(texts, text => Assert.EndsWith("\nend\n", text, StringComparison.Ordinal));
        var runs = texts.Select(text => text.Split('\n').Single(line => line.StartsWith("GITHUB_RUN_ID=", StringComparison.Ordinal))).ToHashSet();
        Assert.Equal(texts.Count, runs.Count);
        return runs;
    }

    private Dictionary<string, string> Given(string scenario, string hook = "hook-started.env") =>
        new(HookRun.EnvironmentOf(scenario, hook)) { ["RUNNER_METRICS_HOOKS"] = _folder.Path };

    private List<string> Names() => [.. Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path))];

    private List<string> Texts() => [.. Directory.EnumerateFiles(_folder.Path, "*.hook").Select(File.ReadAllText)];
}
