using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Hooks;

/// <summary>Runs a hook script as the runner does: by a shell, with an environment of its own, its output read to the end.</summary>
internal static class HookRun
{
    public static readonly string Started = Path.Combine(RepositoryFolder.Path, "src/runner-images/hooks/job-started.sh");
    public static readonly string Completed = Path.Combine(RepositoryFolder.Path, "src/runner-images/hooks/job-completed.sh");

    /// <summary>The shells that a hook may meet, each with the arguments before the script's name; bash is the runner's own.</summary>
    public static TheoryData<string> Shells => ["/bin/bash -e", "/bin/sh", "/bin/busybox sh"];

    /// <summary>What a real runner gave a hook of its own.</summary>
    public static Dictionary<string, string> EnvironmentOf(string scenario, string hook = "hook-started.env") =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Fixtures/runner-diag", scenario, hook))
            .Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public static void SkipWhereMissing(string shell)
    {
        var program = shell.Split(' ')[0];
        Assert.SkipUnless(File.Exists(program), $"{program} is not on this machine: run ./test.sh, or apt-get install {Path.GetFileName(program)}");
    }

    public static Task<ProcessRun> RunAsync(string shell, IReadOnlyDictionary<string, string> environment, params IReadOnlyList<string> scriptAndArguments)
    {
        var words = shell.Split(' ');
        var start = new ProcessStartInfo(words[0], [.. words[1..], .. scriptAndArguments]);
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return ProcessRun.RunAsync(start, TestContext.Current.CancellationToken);
    }
}
