using System.Globalization;
using RunnerMetrics.Demo.CommandLine;

namespace RunnerMetrics.Demo.Summary;

/// <summary>What one scrape, and the one before it, say of a runner.</summary>
internal sealed record RunnerRow(string Name, string Type, string State, IReadOnlyDictionary<string, double> Jobs, double Seconds, string LastJob, string RunningFor)
{
    /// <summary>The ways in which jobs are counted, in the order that they are shown in.</summary>
    public static IReadOnlyList<string> Statuses { get; } = ["success", "failed", "cancelled", "lost"];

    /// <summary>Reads a runner's row.</summary>
    public static RunnerRow Read(string name, string type, IReadOnlyList<Sample> scrape, RunnerRow? before, DateTimeOffset now)
    {
        var own = scrape.Where(sample => sample.Label("runner_name") == name).ToList();
        var jobs = own.Where(sample => sample.Name == "github_runner_jobs_total").ToDictionary(sample => sample.Label("status") ?? string.Empty, sample => sample.Value);
        var seconds = own.Where(sample => sample.Name == "github_runner_job_duration_seconds_sum").Sum(sample => sample.Value);
        var state = Value(own, "github_runner_status") switch
        {
            null => "unseen",
            0 => "offline",
            _ => Value(own, "github_runner_busy") is 1 ? "busy" : "idle",
        };
        var runningFor = Value(own, "github_runner_job_start_time_seconds") is { } start
            ? DurationText.Format(now - DateTimeOffset.FromUnixTimeMilliseconds((long)(start * 1000)))
            : string.Empty;
        return new RunnerRow(name, type, state, jobs, seconds, LastOf(jobs, seconds, before), runningFor);
    }

    /// <summary>How many jobs ended so.</summary>
    public string Count(string status) => Jobs.TryGetValue(status, out var count) ? count.ToString("0", CultureInfo.InvariantCulture) : string.Empty;

    // Metrics name no jobs: what the last one was shows in what has grown since the last look.
    private static string LastOf(Dictionary<string, double> jobs, double seconds, RunnerRow? before)
    {
        var grown = jobs.Where(pair => pair.Value > (before?.Jobs.GetValueOrDefault(pair.Key) ?? 0)).Select(pair => pair.Key).ToList();
        if (grown.Count == 0)
        {
            return before?.LastJob ?? string.Empty;
        }

        var took = seconds - (before?.Seconds ?? 0);
        return took > 0 && grown.Count == 1 ? $"{grown[0]}, {DurationText.Format(TimeSpan.FromSeconds(took))}" : string.Join(", ", grown);
    }

    private static double? Value(List<Sample> samples, string name) => samples.FirstOrDefault(sample => sample.Name == name)?.Value;
}
