using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Finds what was not configured: the agent's runner, and default folders.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="workingFolder">Where the agent was started.</param>
/// <param name="runningFolders">The folders of the runners that run on this machine.</param>
internal sealed class Discovery(Func<string, string?> environment, string workingFolder, Func<IReadOnlyList<string>> runningFolders)
{
    private const string UsualCollector = "http://127.0.0.1:9095";

    /// <summary>The types of our images; a label with one of these names is the runner's type.</summary>
    private static readonly string[] Types = ["standard", "chrome", "chrome-go"];

    public Discovery(Func<string, string?> environment)
        : this(environment, Directory.GetCurrentDirectory(), ListenerProcess.RunningFolders)
    {
    }

    /// <summary>The given options, completed by what was found.</summary>
    public GivenOptions Complete(GivenOptions given)
    {
        string? problem = null;
        var diag = given.Diag ?? FindDiag(out problem);
        return given with
        {
            Diag = diag,
            DiagProblem = problem,
            Spool = given.Spool ?? StateOf(diag, "spool"),
            RunnerType = given.RunnerType ?? TypeByLabels() ?? Types[0],
            Collector = given.Collector ?? (given.OwnCollector is null ? UsualCollector : null),
        };
    }

    // The runner's own files do not hold its labels.
    private string? TypeByLabels() => environment("RUNNER_LABELS")?.Split(',', StringSplitOptions.TrimEntries).Select(label => label.ToLowerInvariant()).FirstOrDefault(Types.Contains);

    // The folder where the agent was started, then a running runner, then the usual folders.
    private string? FindDiag(out string? problem)
    {
        problem = null;
        if (new RunnerFolder(workingFolder).IsRunners)
        {
            return Path.Combine(workingFolder, "_diag");
        }

        var running = runningFolders();
        if (running.Count > 1)
        {
            problem = $"--diag is missing, and more than one runner runs here: give the _diag folder of one of {string.Join(", ", running)}, and start an agent for each.";
            return null;
        }

        var usual = (string[])(environment("HOME") is { Length: > 0 } home ? [Path.Combine(home, "actions-runner"), home] : []);
        if (running.Concat(usual).FirstOrDefault(folder => running.Count == 1 || new RunnerFolder(folder).IsRunners) is { } found)
        {
            return Path.Combine(found, "_diag");
        }

        problem = $"--diag is missing, and no runner was found in {string.Join(", ", usual.Prepend(workingFolder))} or among the processes: give the runner's _diag folder.";
        return null;
    }

    /// <summary>The default folder of an agent's data, one per runner of the machine, because two agents cannot share one. Null if the environment has no home folder.</summary>
    public string? StateOf(string? diag, string kind)
    {
        var state = environment("XDG_STATE_HOME") is { Length: > 0 } given ? given
            : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".local", "state")
            : environment("LOCALAPPDATA");
        if (string.IsNullOrEmpty(state) || string.IsNullOrWhiteSpace(diag))
        {
            return null;
        }

        var runner = RunnerFolder.Of(diag).Path;
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(runner)).AsSpan(0, 4));
        return Path.Combine(state, "runner-metrics", $"{kind}-{Path.GetFileName(runner)}-{hash}");
    }
}
