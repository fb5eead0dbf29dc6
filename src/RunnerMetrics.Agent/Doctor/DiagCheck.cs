using System.Text;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether the runner's <c>_diag</c> is there, can be read, and is being written to; and by which runner.</summary>
internal static class DiagCheck
{
    private const string Subject = "_diag";
    private static readonly TimeSpan Recent = TimeSpan.FromDays(1);

    public static Finding Look(string diag, TimeProvider time)
    {
        try
        {
            if (!Directory.Exists(diag))
            {
                return Finding.Problem(Subject, $"There is no folder {diag}. Give --diag the folder _diag in the runner's own; the runner makes it when it first starts.");
            }

            var newest = Directory.GetFiles(diag, "Runner_*-utc.log").Order(StringComparer.Ordinal).LastOrDefault();
            if (newest is null)
            {
                return Finding.Problem(Subject, $"{diag} holds no log of a runner (Runner_….log). Start the runner, or give --diag its own _diag folder.");
            }

            var version = ReadVersion(newest);
            foreach (var worker in Directory.GetFiles(diag, "Worker_*-utc.log").Order(StringComparer.Ordinal).TakeLast(1))
            {
                ReadVersion(worker);
            }

            var age = time.GetUtcNow() - new DateTimeOffset(File.GetLastWriteTimeUtc(newest));
            return age > Recent
                ? Finding.Problem(Subject, $"{diag} was last written to {Words(age)} ago. Is the runner running? Is this its _diag folder?")
                : Finding.Ok(Subject, $"{diag}: runner {version ?? "of an unknown version"}, last written to {Words(age)} ago.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem(Subject, $"{diag} cannot be read ({failure.Message}) Run the agent as the runner's user, or give its user the right to read there.");
        }
    }

    // [2026-11-21 00:22:42Z INFO Listener] Version: 2.336.0
    private static string? ReadVersion(string log)
    {
        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        for (var i = 0; i < 100 && reader.ReadLine() is { } text; i++)
        {
            if (LogLine.TryParse(Encoding.UTF8.GetBytes(text), out var line) && line.Component.SequenceEqual("Listener"u8) && line.Text.StartsWith("Version: "u8))
            {
                return Encoding.UTF8.GetString(line.Text["Version: "u8.Length..]).Trim();
            }
        }

        return null;
    }

    private static string Words(TimeSpan age) => age switch
    {
        { TotalSeconds: < 120 } => $"{Math.Max(0, age.TotalSeconds):F0} s",
        { TotalMinutes: < 120 } => $"{age.TotalMinutes:F0} min",
        { TotalHours: < 48 } => $"{age.TotalHours:F0} h",
        _ => $"{age.TotalDays:F0} days",
    };
}
