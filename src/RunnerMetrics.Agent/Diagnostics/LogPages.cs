namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Joins a page to the process that continued in it. The runner makes a page right after it wrote the line that filled the one before
/// (actions/runner, HostTraceListener.cs, WriteLine), and names it by the same clock: so the page belongs to the log whose last line is
/// nearest to its name, whatever the clock did before or since.
/// </summary>
internal static class LogPages
{
    /// <summary>What lies between a line and the page that follows it at once: both clocks round down, and a disk may be slow.</summary>
    public static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    /// <summary>No page is further from its log's last line, unless files between them are gone.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>How far a page is from a log that ends at a time; null if it is none of its pages. What is not known keeps nothing apart.</summary>
    public static TimeSpan? Distance(string page, DateTimeOffset? lastLineAt) =>
        LogName.Time(page) is not { } made || lastLineAt is not { } last ? TimeSpan.Zero
        : (made - last).Duration() is var distance && distance <= Longest ? distance : null;
}
