using System.Collections;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Variables with our prefix that no program reads, such as misspelt options.</summary>
public static partial class UnknownVariables
{
    /// <summary>A sentence for each of them, with the nearest name that is known.</summary>
    /// <param name="environment">The environment: <see cref="Environment.GetEnvironmentVariables()"/>.</param>
    public static IReadOnlyList<string> Find(IDictionary environment)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return
        [
            .. environment.Keys.Cast<string>()
                .Where(name => name.StartsWith(ProgramOptions.Prefix, StringComparison.Ordinal)
                    && !KnownVariables.Options.Contains(name) && !KnownVariables.Others.Contains(name) && !IsService(name, environment[name] as string))
                .Order(StringComparer.Ordinal)
                .Select(name => $"{name} is not a variable of RunnerMetrics and has no effect"
                    + ((Nearest(name, KnownVariables.Options) ?? Nearest(name, KnownVariables.Others)) is { } nearest ? $": did you mean {nearest}?" : ".")),
        ];
    }

    /// <summary>Logs a warning for each of them in the process's environment.</summary>
    /// <param name="logger">The log.</param>
    public static void Warn(ILogger logger)
    {
        foreach (var warning in Find(Environment.GetEnvironmentVariables()))
        {
            LogUnknown(logger, warning);
        }
    }

    /// <summary>Writes a warning for each of them, where a program has no log.</summary>
    /// <param name="errors">Standard error.</param>
    public static void Warn(TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        foreach (var warning in Find(Environment.GetEnvironmentVariables()))
        {
            errors.WriteLine($"warning: {warning}");
        }
    }

    // What all names begin with makes none of them nearer.
    private static string? Nearest(string name, IEnumerable<string> names) => NearestName.Of(Rest(name), names.Select(Rest)) is { } rest ? ProgramOptions.Prefix + rest : null;

    private static string Rest(string name) => name[ProgramOptions.Prefix.Length..];

    // What Kubernetes sets for a service "runner-metrics-exporter": …_SERVICE_HOST, …_SERVICE_PORT_GRPC, …_PORT=tcp://10.0.0.1:9091, …_PORT_9091_TCP_ADDR.
    // The last but one could be an option's name, but for its value.
    private static bool IsService(string name, string? value) =>
        ServiceName().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && value?.Contains("://", StringComparison.Ordinal) == true);

    [GeneratedRegex("_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$", RegexOptions.CultureInvariant)]
    private static partial Regex ServiceName();

    [LoggerMessage(20, LogLevel.Warning, "{Problem}")]
    private static partial void LogUnknown(ILogger logger, string problem);
}
