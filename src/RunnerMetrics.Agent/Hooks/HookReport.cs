using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>What a hook reported about a job, and when it ran, to the second. What the runner did not give it is empty or 0.</summary>
internal sealed partial record HookReport(
    DateTimeOffset At, string RunnerName, string ServerUrl, string Repository, string Workflow, long RunId, int RunAttempt, bool Waits = false)
{
    private const string FirstLine = "runner-metrics-hook 1";
    private static readonly HashSet<string> Keys =
    [
        "EVENT", "TIME", "RUNNER_NAME", "GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_WORKFLOW", "GITHUB_RUN_ID", "GITHUB_RUN_ATTEMPT", "GITHUB_JOB", "WAITS",
    ];

    /// <summary>Reads what <c>job-started.sh</c> and <c>job-completed.sh</c> write.</summary>
    /// <param name="content">The file.</param>
    /// <param name="writtenAt">The file's own time: when the hook ran, if it does not say.</param>
    /// <param name="report">What it says, every value one that the runner may give.</param>
    public static bool TryParse(ReadOnlySpan<byte> content, DateTimeOffset writtenAt, [NotNullWhen(true)] out HookReport? report)
    {
        report = null;
        if (!HookText.TryParse(content, FirstLine, Keys, out var values)
            || Of("EVENT") is not ("job-started" or "job-completed")
            || !TryNumber("TIME", 253_402_300_799, out var time)
            || !TryNumber("GITHUB_RUN_ID", long.MaxValue, out var runId)
            || !TryNumber("GITHUB_RUN_ATTEMPT", int.MaxValue, out var attempt)
            || Of("RUNNER_NAME") is not { Length: > 0 } runner
            || (Of("GITHUB_REPOSITORY") is { Length: > 0 } repository && !RepositoryPattern().IsMatch(repository))
            || (Of("GITHUB_SERVER_URL") is { Length: > 0 } server && !IsServer(server))
            || Of("GITHUB_WORKFLOW").Any(char.IsControl)
            || Of("WAITS") is not ("" or "true"))
        {
            return false;
        }

        var at = DateTimeOffset.FromUnixTimeSeconds(time > 0 ? time : writtenAt.ToUnixTimeSeconds());
        report = new HookReport(at, runner, Of("GITHUB_SERVER_URL"), Of("GITHUB_REPOSITORY"), Of("GITHUB_WORKFLOW").TrimEnd('\uFFFD'), runId, (int)attempt, Of("WAITS").Length > 0);
        return true;

        string Of(string key) => values.GetValueOrDefault(key, "");

        bool TryNumber(string key, long most, out long number)
        {
            number = 0;
            return !values.TryGetValue(key, out var text)
                || (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0 && number <= most);
        }
    }

    private static bool IsServer(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex RepositoryPattern();
}
