namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>What is audited, and when.</summary>
internal sealed record AuditOptions
{
    /// <summary>The folder: a git repository, or a folder in one.</summary>
    public required string Repository { get; init; }

    /// <summary>The time from the end of one audit to the next.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Patterns of the documents in which completion markers are looked for, below the folder.</summary>
    public IReadOnlyList<string> Documents { get; init; } = ["*.md", "docs/**/*.md"];

    /// <summary>A regular expression that finds a line with a completion marker. The default finds ticked items of task lists.</summary>
    public string Marker { get; init; } = @"^\s*[-*] \[[xX]\] ";

    /// <summary>Patterns of Cobertura files, below the folder.</summary>
    public IReadOnlyList<string> Coverage { get; init; } = ["**/coverage.cobertura.xml"];

    /// <summary>A file that keeps what was seen from one run of the worker to the next; null: each run begins again.</summary>
    public string? StateFile { get; init; }
}
