using System.Text.RegularExpressions;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Validates the given options, or reports every problem in them.</summary>
internal static partial class AgentConfiguration
{
    private const int LongestName = 128;

    private static readonly ValueKind<Uri?> Collector = Addresses.Service("http://127.0.0.1:9095");

    public static AgentOptions? Validate(GivenOptions given, List<string> problems)
    {
        problems.AddRange(given.Problems);
        if (given.DiagProblem is { } none)
        {
            problems.Add(none);
        }
        else
        {
            RequirePath(given.Diag, "--diag", "the runner's _diag folder", problems);
        }

        // Its default depends on the runner.
        if (given.Spool is not null || given.DiagProblem is null)
        {
            RequirePath(given.Spool, "--spool", "a folder that the agent can write to", problems);
        }

        if (given.Adopt is not null)
        {
            RequirePath(given.Adopt, "--adopt", "the folder that contains agents' spools", problems);
        }

        if (given.Hooks is not null)
        {
            RequirePath(given.Hooks, "--hooks", "the folder where job hooks leave their files", problems);
        }

        ValidateName(given.RunnerName, problems);
        ValidateType(given.RunnerType, problems);
        var collector = given.OwnCollector ?? ValidateCollector(given.Collector, problems);
        ValidateToken(given.TokenFile, collector, problems);
        return problems.Count > 0
            ? null
            : new AgentOptions
            {
                Diag = given.Diag!,
                Spool = given.Spool!,
                Adopt = given.Adopt,
                RunnerName = given.RunnerName,
                RunnerType = given.RunnerType!,
                Collector = collector!,
                TokenFile = given.TokenFile,
                Hooks = given.Hooks,
                SpoolMaxBytes = given.SpoolMaxBytes,
                SpoolMaxAge = given.SpoolMaxAge,
                FlushTimeout = given.FlushTimeout,
                Once = given.Once,
                Log = given.Log,
            };
    }

    /// <summary>The collector's address; null if it is not set.</summary>
    public static Uri? ReadCollector(string? text) => text is null ? null : Collector.Parse(text).Value;

    private static void RequirePath(string? path, string option, string what, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            problems.Add($"{option} is missing: give {what}.");
        }
        else if (File.Exists(path))
        {
            problems.Add($"{option} {path} is a file: give {what}.");
        }
    }

    private static void ValidateName(string? name, List<string> problems)
    {
        if (name is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            problems.Add("--runner-name is blank: give the name that the runner was registered with, or leave it out.");
        }
        else if (name.Length > LongestName || name.Any(char.IsControl))
        {
            problems.Add($"--runner-name has {name.Length} characters or control characters: give 1 to {LongestName} printable ones.");
        }
        else if (name is "ephemeral" or "other")
        {
            problems.Add($"--runner-name {name} is reserved by the metrics: give another name.");
        }
    }

    private static void ValidateType(string? type, List<string> problems)
    {
        if (string.IsNullOrEmpty(type))
        {
            problems.Add("--runner-type is missing: give standard, chrome, chrome-go, or your own word.");
        }
        else if (!TypePattern().IsMatch(type))
        {
            problems.Add($"--runner-type '{type}' is not a type: give 1 to 32 of a-z, 0-9 and -, without - at the start.");
        }
    }

    /// <summary>The collector's address; null if it is invalid, which is reported.</summary>
    public static Uri? ValidateCollector(string? text, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            problems.Add("--collector is missing: give the exporter's gRPC address, such as http://127.0.0.1:9095.");
            return null;
        }

        var (address, problem) = Collector.Parse(text);
        if (problem is not null)
        {
            // It may contain a password.
            problems.Add($"--collector{(text.Contains('@', StringComparison.Ordinal) ? "" : $" '{text}'")} {problem}");
        }

        return address;
    }

    /// <summary>Reports the problems of a token file, or of a missing one.</summary>
    public static void ValidateToken(string? file, Uri? collector, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(file))
        {
            if (collector is { IsLoopback: false })
            {
                problems.Add($"--token-file is missing: the collector {collector.Host} is not on this machine, give a file with its token.");
            }

            return;
        }

        try
        {
            var token = TokenFile.Read(file);
            if (token is null)
            {
                problems.Add($"--token-file {file} is empty: put the collector's token into it.");
            }
            else if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                problems.Add($"--token-file {file} contains a token with a character that is not allowed in a header: give one of printable ASCII without spaces.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"--token-file {file} cannot be read ({failure.Message}): give a file that the agent's user can read.");
        }
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,31}\z")]
    private static partial Regex TypePattern();
}
