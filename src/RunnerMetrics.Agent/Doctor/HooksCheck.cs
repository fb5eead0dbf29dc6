using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether the runner's job hooks are ours, and whether they can leave their files.</summary>
internal static class HooksCheck
{
    private const string Subject = "hooks";
    private static readonly string[] Scripts = [".sh", ".ps1", ".js"];

    /// <param name="hooks">The hook folder, if one is given.</param>
    /// <param name="diag">The runner's _diag folder: beside it stands the runner's <c>.env</c>.</param>
    /// <param name="environment">Reads a variable of the environment, which a runner that was started in the same one has too.</param>
    public static IEnumerable<Finding> Look(string? hooks, string? diag, Func<string, string?> environment)
    {
        if (hooks is null)
        {
            yield return Finding.Ok(Subject, "No hook folder is set, which is fine; with --hooks, the agent accepts cache reports, and hooks report names that the logs mask.");
            yield break;
        }

        yield return !Directory.Exists(hooks)
            ? Finding.Problem(Subject, $"There is no folder {hooks}. Create it, and let the runner's user and the agent's user write there.")
            : FolderCheck.WhyNotWritable(hooks) is { } reason
                ? Finding.Problem(Subject, $"{hooks} is not writable ({reason}) Let the runner's user and the agent's user write there.")
                : Finding.Ok(Subject, $"{hooks} is writable.");

        foreach (var variable in (string[])["ACTIONS_RUNNER_HOOK_JOB_STARTED", "ACTIONS_RUNNER_HOOK_JOB_COMPLETED"])
        {
            yield return Look(variable, environment(variable) is { Length: > 0 } given ? given : diag is null ? null : RunnerFolder.Of(diag).ReadEnvironment(variable));
        }
    }

    private static Finding Look(string variable, string? script)
    {
        var ours = variable.EndsWith("STARTED", StringComparison.Ordinal) ? "job-started.sh" : "job-completed.sh";
        if (script is null)
        {
            return Finding.Problem(Subject, $"{variable} is set neither here nor in the runner's .env file. Set it to the path of {ours}, and restart the runner.");
        }

        if (!Scripts.Contains(Path.GetExtension(script)))
        {
            return Finding.Problem(Subject, $"{variable} names {script}, but the runner accepts only .sh, .ps1 and .js, and fails every job. Set it to {ours}.");
        }

        try
        {
            return !File.ReadAllText(script).Contains("runner-metrics-hook", StringComparison.Ordinal)
                ? Finding.Problem(Subject, $"{variable} names {script}, which is not {ours}. Set it to {ours}, and {NextOf(variable)} to your own hook: both run.")
                : Path.GetFileName(script).Contains("completed", StringComparison.Ordinal) != (ours == "job-completed.sh")
                    ? Finding.Problem(Subject, $"{variable} names {script}: the script depends on its own name. Set it to {ours}.")
                    : Finding.Ok(Subject, $"{variable} names {script}.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(Subject, $"{variable} names {script}, which cannot be read here ({failure.Message}) If the runner cannot read it either, every job fails.");
        }
    }

    private static string NextOf(string variable) =>
        variable.EndsWith("STARTED", StringComparison.Ordinal) ? "RUNNER_METRICS_NEXT_STARTED_HOOK" : "RUNNER_METRICS_NEXT_COMPLETED_HOOK";
}
