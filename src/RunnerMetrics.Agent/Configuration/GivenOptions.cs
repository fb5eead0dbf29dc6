using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Agent.Configuration;

/// <summary>The options as given, before they are validated together.</summary>
internal sealed record GivenOptions
{
    /// <summary>Problems of single options, for which the defaults are used.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    public string? Diag { get; init; }

    /// <summary>Why no _diag folder was found if none was given.</summary>
    public string? DiagProblem { get; init; }

    public string? Spool { get; init; }

    public string? Adopt { get; init; }

    public string? RunnerName { get; init; }

    public string? RunnerType { get; init; }

    public string? Collector { get; init; }

    /// <summary>The collector in this process; null if the agent reports to another one.</summary>
    public Uri? OwnCollector { get; init; }

    public string? TokenFile { get; init; }

    public string? Hooks { get; init; }

    public long SpoolMaxBytes { get; init; }

    public TimeSpan SpoolMaxAge { get; init; }

    public TimeSpan FlushTimeout { get; init; }

    public bool Once { get; init; }

    public LogOptions Log { get; init; } = new();
}
