using System.Globalization;
using RunnerMetrics.AutomationWorker.Programs;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>Asks git for commits.</summary>
internal sealed class GitCommits(string repository, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>The commits that every branch and tag points to, and HEAD.</summary>
    /// <exception cref="IOException">git cannot tell.</exception>
    public async Task<IReadOnlyList<string>> TipsAsync(CancellationToken cancelled) =>
        [.. (await RunAsync(cancelled, "rev-parse", "--all", "HEAD")).Split('\n').Where(IsCommit).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>How many commits are reachable now that were not before.</summary>
    /// <exception cref="IOException">git cannot tell: a commit from before is gone, for example.</exception>
    public async Task<int> CountSinceAsync(IReadOnlyList<string> before, IReadOnlyList<string> now, CancellationToken cancelled)
    {
        var fresh = now.Except(before).ToList();
        if (fresh.Count == 0)
        {
            return 0;
        }

        var said = await RunAsync(cancelled, ["rev-list", "--count", .. fresh, "--not", .. before]);
        return int.TryParse(said.Split('\n')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : throw new IOException($"git rev-list said: {said}");
    }

    // Warnings stand between the answers.
    private static bool IsCommit(string line) => line.Length is 40 or 64 && line.All(char.IsAsciiHexDigitLower);

    private async Task<string> RunAsync(CancellationToken cancelled, params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(["git", .. arguments], repository, Limit, time, cancelled);
        return run.ExitCode == 0
            ? run.Output
            : throw new IOException(run.Problem ?? $"git {arguments[0]} said: {run.Output.Split('\n')[0]}");
    }
}
