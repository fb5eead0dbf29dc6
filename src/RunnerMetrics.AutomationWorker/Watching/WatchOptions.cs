namespace RunnerMetrics.AutomationWorker.Watching;

/// <summary>What is watched, and what is done about changes.</summary>
internal sealed record WatchOptions
{
    /// <summary>The folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The command that runs the tests, in the folder.</summary>
    public required IReadOnlyList<string> TestCommand { get; init; }

    /// <summary>Where the command leaves TRX reports, as a pattern below the folder; null: its exit code is the verdict.</summary>
    public string? Results { get; init; }

    /// <summary>Names of files whose changes count; none: all.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Names of files and folders that do not count.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [".git", "bin", "obj", "TestResults", "node_modules", ".vs", ".idea", "*.swp", "*~"];

    /// <summary>How long no file may change before the tests run.</summary>
    public TimeSpan Debounce { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>How long the test command may take.</summary>
    public TimeSpan TestTimeout { get; init; } = TimeSpan.FromMinutes(10);
}
