using System.Text.RegularExpressions;
using RunnerMetrics.AutomationWorker.Auditing;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>Checks a configuration before anything is started.</summary>
internal static class WorkerOptionsValidator
{
    /// <summary>Every problem, each with what would be right; none if the configuration is valid.</summary>
    public static IReadOnlyList<string> Validate(WorkerOptions options)
    {
        List<string> problems = [];
        if (options.HttpPort is < 0 or > 65535)
        {
            problems.Add($"--http-port {options.HttpPort} is not a port: give 1 to 65535, or 0 for any free one.");
        }

        if (options.Watch is { } watch)
        {
            Folder("--folder", watch.Folder, problems);
            if (watch.TestCommand.Count == 0)
            {
                problems.Add("--test-command is missing: give the command that runs the tests, such as \"dotnet test --logger trx\".");
            }
        }

        if (options.Audit is { } audit)
        {
            Folder("--repository", audit.Repository, problems);
            Marker(audit.Marker, problems);
            if (audit.StateFile is { } state && !Directory.Exists(Path.GetDirectoryName(state)))
            {
                problems.Add($"--state {state}: there is no folder {Path.GetDirectoryName(state)}: create it.");
            }
        }

        foreach (var api in options.Apis)
        {
            try
            {
                _ = api.ReadKey();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                problems.Add($"--{api.Name}-key-file {api.KeyFile}: {e.Message}");
            }
        }

        return problems;
    }

    private static void Folder(string option, string folder, List<string> problems)
    {
        if (!Directory.Exists(folder))
        {
            problems.Add($"{option} {folder}: there is no such folder: give one that exists.");
        }
    }

    private static void Marker(string pattern, List<string> problems)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.CultureInvariant, CompletionMarkers.LineLimit);
        }
        catch (ArgumentException e)
        {
            problems.Add($"--marker {pattern} is not a regular expression: {e.Message}");
        }
    }
}
