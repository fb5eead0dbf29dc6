using System.Text.RegularExpressions;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>Makes options that cannot be wrong of those that were given, or says everything that is wrong with them.</summary>
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

        // Its usual place is the runner's.
        if (given.Spool is not null || given.DiagProblem is null)
        {
            RequirePath(given.Spool, "--spool", "a folder that the agent may write", problems);
        }

        if (given.Adopt is not null)
        {
            RequirePath(given.Adopt, "--adopt", "the folder that agents' spools are in", problems);
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

    /// <summary>The collector's address; nothing where it is none.</summary>
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
            problems.Add($"--runner-name {name} is a name that the metrics use themselves: give another.");
        }
    }

    private static void ValidateType(string? type, List<string> problems)
    {
        if (string.IsNullOrEmpty(type))
        {
            problems.Add("--runner-type is missing: give standard, chrome, chrome-go, or the fleet's own word.");
        }
        else if (!TypePattern().IsMatch(type))
        {
            problems.Add($"--runner-type '{type}' is no type: give 1 to 32 of a-z, 0-9 and -, the first no -.");
        }
    }

    /// <summary>The collector's address; null where it is none, which is said.</summary>
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
            // A password in it is nobody's business.
            problems.Add($"--collector{(text.Contains('@', StringComparison.Ordinal) ? "" : $" '{text}'")} {problem}");
        }

        return address;
    }

    /// <summary>Says what is wrong with a token file, or with having none.</summary>
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
                problems.Add($"--token-file {file} holds a token with a character that no header can carry: give one of printable ASCII without spaces.");
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
