using System.Diagnostics;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>The hooks for PowerShell, run by a real one as the runner does: <c>pwsh -command ". 'PATH'"</c> (ScriptHandlerHelpers.cs).</summary>
public sealed class PowerShellHookTests : IDisposable
{
    private static readonly string Folder = Path.Combine(RepositoryFolder.Path, "src", "runner-images", "hooks");
    private static readonly string Tools = Path.Combine(RepositoryFolder.Path, "tests", "checks");

    private readonly TemporaryFolder _hooks = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("job-started", "hook-started.env")]
    [InlineData("job-completed", "hook-completed.env")]
    public async Task Run_EitherHook_WritesWhatTheShellsHookWrites(string kind, string environment)
    {
        await SkipWithoutPowerShellAsync();
        var given = HookRun.EnvironmentOf("fail", environment);
        given["GITHUB_WORKFLOW"] = "a\nend\r\\n ünïcode $(x) `y`";
        given["GITHUB_JOB"] = new string('x', 600);
        using var shells = new TemporaryFolder();
        await HookRun.RunAsync("/bin/bash -e", new Dictionary<string, string>(given) { ["RUNNER_METRICS_HOOKS"] = shells.Path }, Path.Combine(Folder, kind + ".sh"));

        var run = await RunAsync(given, Path.Combine(Folder, kind + ".ps1"));

        Assert.Equal(new ProcessRun(0, "", ""), run);
        var file = Assert.Single(Directory.EnumerateFiles(_hooks.Path));
        Assert.Matches($@"\A{kind}-\d+-\d+-1002\.hook\z", Path.GetFileName(file));
        Assert.Equal(await TextAsync(Assert.Single(Directory.EnumerateFiles(shells.Path))), await TextAsync(file));
        Assert.True(HookText.TryParse(await File.ReadAllBytesAsync(file, Cancelled), "runner-metrics-hook 1", new HashSet<string>(["EVENT", "TIME", .. given.Keys]), out var values));
        Assert.Equal(given["GITHUB_WORKFLOW"], values["GITHUB_WORKFLOW"]);
    }

    [Fact]
    public async Task Run_WithoutAFolder_FailsNoJob()
    {
        await SkipWithoutPowerShellAsync();
        var given = HookRun.EnvironmentOf("ok");
        given["RUNNER_METRICS_HOOKS"] = _hooks.File("missing");
        Assert.Equal(new ProcessRun(0, "", ""), await RunAsync(given, Path.Combine(Folder, "job-started.ps1"), hooks: false));
    }

    [Fact]
    public async Task Run_AHookOfTheUsersThatFails_FailsTheJob()
    {
        await SkipWithoutPowerShellAsync();
        var given = HookRun.EnvironmentOf("ok");
        given["RUNNER_METRICS_NEXT_STARTED_HOOK"] = _hooks.Write("own/own.ps1", "Write-Output 'own'\nexit 3\n");
        var run = await RunAsync(given, Path.Combine(Folder, "job-started.ps1"));
        // Which code it is, pwsh decides; the runner fails the job by any but 0.
        Assert.NotEqual(0, run.ExitCode);
        Assert.Equal("own", run.Output.Trim());
        Assert.Single(Directory.EnumerateFiles(_hooks.Path, "*.hook"));
    }

    [Theory]
    [InlineData(null, "1497fe109b00d3c0")]
    [InlineData("55b9b8b34bb88fcf\n", "55b9b8b34bb88fcf")]
    public async Task Run_TraceParentByOption_IsWhatTheShellsHookWrites(string? left, string span)
    {
        await SkipWithoutPowerShellAsync();
        var variables = _hooks.Write("variables", "A=1\n");
        var given = HookRun.EnvironmentOf("ok");
        (given["GITHUB_ENV"], given["GITHUB_RUN_ID"], given["GITHUB_RUN_ATTEMPT"], given["RUNNER_METRICS_HOOK_TRACEPARENT"]) = (variables, "9753949763", "1", "true");
        if (left is not null)
        {
            _hooks.Write("9753949763-1.span", left);
        }

        Assert.Equal(new ProcessRun(0, "", ""), await RunAsync(given, Path.Combine(Folder, "job-started.ps1")));
        Assert.Equal(new ProcessRun(0, "", ""), await RunAsync(given, Path.Combine(Folder, "job-started.ps1")));

        Assert.Equal($"A=1\n\nTRACEPARENT=00-0bd0afbe17036e89e4a05c993dace1da-{span}-01\n", await File.ReadAllTextAsync(variables, Cancelled));
        Assert.False(File.Exists(_hooks.File("9753949763-1.span")));
    }

    // One file goes by two names: what one does, the other does.
    [Fact]
    public void Scripts_OfBothHooks_AreTheSame() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "job-started.ps1")), File.ReadAllText(Path.Combine(Folder, "job-completed.ps1")));

    public void Dispose() => _hooks.Dispose();

    private static async Task<string> TextAsync(string file) => Regex.Replace(await File.ReadAllTextAsync(file, Cancelled), "^TIME=[0-9]{10}$", "TIME", RegexOptions.Multiline);

    private static async Task SkipWithoutPowerShellAsync()
    {
        var run = await ProcessRun.RunAsync(Start("-Version"), Cancelled);
        Assert.SkipUnless(run.ExitCode == 0, "PowerShell is not on this machine: run ./test.sh, or 'dotnet tool restore' in tests/checks");
    }

    private static ProcessStartInfo Start(params string[] arguments) => new("dotnet", ["tool", "run", "pwsh", "--", .. arguments]) { WorkingDirectory = Tools };

    private Task<ProcessRun> RunAsync(Dictionary<string, string> environment, string script, bool hooks = true)
    {
        var start = Start("-NoProfile", "-NonInteractive", "-Command", $". '{script}'");
        // 'dotnet tool' has a home of its own.
        foreach (var (name, value) in environment.Where(variable => variable.Key.StartsWith("GITHUB_", StringComparison.Ordinal) || variable.Key.StartsWith("RUNNER_", StringComparison.Ordinal)))
        {
            start.Environment[name] = value;
        }

        if (hooks)
        {
            start.Environment["RUNNER_METRICS_HOOKS"] = _hooks.Path;
        }

        return ProcessRun.RunAsync(start, Cancelled);
    }
}
