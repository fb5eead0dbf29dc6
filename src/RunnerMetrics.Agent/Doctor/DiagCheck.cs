using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Files;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether the runner's <c>_diag</c> is there, can be read, and is being written to; by which runner; and what its logs say is wrong.</summary>
internal static class DiagCheck
{
    private const string Subject = "_diag";
    private const int MostAtOnce = 1000;
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public static IReadOnlyList<Finding> Look(string diag, string? runnerName, TimeProvider time)
    {
        try
        {
            if (!Directory.Exists(diag))
            {
                return [Finding.Problem(Subject, $"There is no folder {diag}. Give --diag the folder _diag in the runner's folder; the runner creates it at its first start.")];
            }

            // Not the last by name: a clock may have been set back.
            var newest = Directory.GetFiles(diag, "Runner_*-utc.log").MaxBy(File.GetLastWriteTimeUtc);
            if (newest is null)
            {
                return [Finding.Problem(Subject, $"{diag} contains no runner log (Runner_….log). Start the runner, or give --diag its own _diag folder.")];
            }

            foreach (var file in Directory.GetFiles(diag, "*_*-utc.log").Where(IsOdd))
            {
                return [Finding.Problem(Subject, $"{file} is not a regular file, so a job may have created it. Remove it; the agent skips it.")];
            }

            UntrustedFile.Open(newest).Dispose();
            var settings = RunnerFolder.Of(diag).ReadSettings();
            using var tail = new DiagTail(diag, settings, null, time, NullLogger.Instance);
            var lastEnded = ReadAll(tail);
            var version = tail.Life?.Version ?? tail.Logs.LastOrDefault(log => log.Life is not null)?.Life?.Version;
            var age = time.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(newest));
            return
            [
                age > Recent
                    ? Finding.Problem(Subject, $"{diag} was last written to {Words(age)} ago. Is the runner running? Is this its _diag folder?")
                    : Finding.Ok(Subject, $"{diag}: runner {version ?? "of an unknown version"}, last written to {Words(age)} ago."),
                RunnerCheck.Look((tail.Living ?? tail.LastToListen)?.Life, settings, runnerName),
                .. LookAtListeners(tail),
                .. LookAtClocks(tail),
                .. LookAtLastJob(lastEnded),
            ];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return [Finding.Problem(Subject, $"{diag} cannot be read ({failure.Message}) Run the agent as the runner's user, or give its user the right to read there.")];
        }
    }

    private static bool IsOdd(string file)
    {
        try
        {
            UntrustedFile.Open(file).Dispose();
            return false;
        }
        catch (NotSupportedException)
        {
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static JobEnded? ReadAll(DiagTail tail)
    {
        JobEnded? last = null;
        var events = new List<DiagEvent>();
        bool more;
        do
        {
            more = tail.Read(events, MostAtOnce, final: true);
            last = events.OfType<JobEnded>().Append(last).MaxBy(ended => ended?.At);
            events.Clear();
        }
        while (more);
        return last;
    }

    private static IEnumerable<Finding> LookAtListeners(DiagTail tail)
    {
        var listener = tail.Living ?? tail.LastToListen;
        if (listener is null)
        {
            yield break;
        }

        var page = listener.Pages[^1];
        if (listener.Trouble is { } trouble && !listener.IsOver)
        {
            yield return Finding.Problem(Subject, $"{page}: the runner cannot reach GitHub ({trouble}) Allow it to reach github.com and *.actions.githubusercontent.com, and check whether its version is still supported.");
        }

        if (listener.EndCause is { } end)
        {
            yield return Finding.Problem(Subject, $"{page}: the listener ended ({end}) Start the runner; if GitHub refuses its version, install a newer one.");
        }
        else if (tail.Living is null)
        {
            yield return Finding.Problem(
                Subject, $"{page}: no process holds this log, and no listener process is visible. The runner ended without a last line, after a power failure or a kill: start it. If it runs after all (on NFS or Windows, or in a container that the agent cannot look into), it is seen only while its log grows.");
        }

        var others = tail.Logs.Where(log => log != listener && log.Life is { Listened: false }).Select(log => log.Pages[0]).ToList();
        if (others.Count > 0)
        {
            yield return Finding.Ok(Subject, $"{others[^1]}{(others.Count > 1 ? $" and {others.Count - 1} more are" : " is")} of another start of the runner's program (config.sh, --version, a second run.sh), which does not listen: it is ignored.");
        }
    }

    private static IEnumerable<Finding> LookAtClocks(DiagTail tail)
    {
        foreach (var log in tail.Logs.Where(log => log.ClockSetBackBy > TimeSpan.FromMinutes(1)))
        {
            yield return Finding.Problem(Subject, $"{log.Pages[^1]}: the machine's clock was set back by {Words(log.ClockSetBackBy)} while the runner ran. Times of jobs around it are wrong: use NTP.");
        }

        var lives = tail.Logs.Where(log => log.Life is { Listened: true }).OrderBy(log => log.LastLineAt).ToList();
        foreach (var (before, after) in lives.Zip(lives.Skip(1)))
        {
            if (after.Life!.StartedAt < before.LastLineAt)
            {
                yield return Finding.Problem(
                    Subject, $"{after.Pages[0]} started before {before.Pages[^1]} ended, by the clock: it was set back in between (a machine without a real-time clock starts behind), or two runners write to one folder. Use NTP, and give each runner its own folder.");
            }
        }
    }

    private static IEnumerable<Finding> LookAtLastJob(JobEnded? ended)
    {
        if (ended is { Cause: { } cause })
        {
            yield return Finding.Problem(Subject, $"The last job, {ended.Job.Name}, was {ended.Verdict.Conclusion.ToString().ToLowerInvariant()} because of the runner, not because of its own steps: {cause}. See _diag from {ended.At:yyyy-MM-dd HH:mm:ss}Z on.");
        }
    }

    private static string Words(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => $"{Math.Max(0, age.TotalSeconds):F0} s",
        { TotalMinutes: < 120 } => $"{age.TotalMinutes:F0} min",
        { TotalHours: < 48 } => $"{age.TotalHours:F0} h",
        _ => $"{age.TotalDays:F0} days",
    };
}
