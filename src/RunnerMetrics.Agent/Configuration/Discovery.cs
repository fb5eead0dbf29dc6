using System.Security.Cryptography;
using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Finds what nobody gave: the runner that the agent stands beside, and the usual place for the rest.</summary>
/// <param name="environment">Reads a variable of the environment.</param>
/// <param name="workingFolder">Where the agent was started.</param>
/// <param name="runningFolders">The folders of the runners that run on this machine.</param>
internal sealed class Discovery(Func<string, string?> environment, string workingFolder, Func<IReadOnlyList<string>> runningFolders)
{
    private const string UsualCollector = "http://127.0.0.1:9095";

    /// <summary>The types that our images have; a label of one of these names is the runner's type.</summary>
    private static readonly string[] Types = ["standard", "chrome", "chrome-go"];

    public Discovery(Func<string, string?> environment)
        : this(environment, Directory.GetCurrentDirectory(), ListenerProcess.RunningFolders)
    {
    }

    /// <summary>What was given, and what was found where it was not.</summary>
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

    // Where the agent was started, then whoever runs, then where people unpack it.
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

        problem = $"--diag is missing, and no runner is found in {string.Join(", ", usual.Prepend(workingFolder))} or among the processes: give the runner's _diag folder.";
        return null;
    }

    /// <summary>The usual place for what an agent keeps, one for each runner of the machine: two agents cannot share one. Null where the environment names no place.</summary>
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
