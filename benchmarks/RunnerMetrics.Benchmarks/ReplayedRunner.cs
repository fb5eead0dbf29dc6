using System.Globalization;
using RunnerMetrics.Simulator.Running;

namespace RunnerMetrics.Benchmarks;

/// <summary>A simulated runner's past, written once more job by job, as fast as somebody asks for jobs.</summary>
internal sealed class ReplayedRunner
{
    private readonly string _source;
    private readonly string _diag;
    private readonly Queue<(string File, string[] Lines)> _jobs;
    private readonly Queue<string> _workers;

    public ReplayedRunner(string source, string diag, int jobs)
    {
        (_source, _diag) = (source, diag);
        Directory.CreateDirectory(diag);
        SimulatedHistory.Write(source, jobs, TimeProvider.System.GetUtcNow().AddDays(-20), seed: 1);
        _jobs = new Queue<(string, string[])>(Directory.GetFiles(source, "Runner_*").Order(StringComparer.Ordinal).SelectMany(Split));
        _workers = new Queue<string>(Directory.GetFiles(source, "Worker_*").Order(StringComparer.Ordinal));
    }

    /// <summary>Writes the first half of what the listener logs of the next job, and what its worker does.</summary>
    public void BeginJob()
    {
        var (file, lines) = _jobs.Peek();
        var until = TimeOf(lines);
        while (_workers.TryPeek(out var worker) && string.CompareOrdinal(Path.GetFileName(worker), $"Worker_{until:yyyyMMdd-HHmmss}-utc.log") <= 0)
        {
            File.Copy(_workers.Dequeue(), Path.Combine(_diag, Path.GetFileName(worker)));
        }

        File.AppendAllLines(Path.Combine(_diag, file), lines[..(lines.Length / 2)]);
    }

    /// <summary>Writes the other half: the job is over.</summary>
    public void EndJob()
    {
        var (file, lines) = _jobs.Dequeue();
        File.AppendAllLines(Path.Combine(_diag, file), lines[(lines.Length / 2)..]);
    }

    // Each part ends where the listener says that a job is over; what comes behind the last one goes with the next file's first.
    private static IEnumerable<(string File, string[] Lines)> Split(string path)
    {
        var part = new List<string>();
        foreach (var line in File.ReadLines(path))
        {
            part.Add(line);
            if (line.Contains(" completed with result: ", StringComparison.Ordinal))
            {
                yield return (Path.GetFileName(path), [.. part]);
                part.Clear();
            }
        }
    }

    // [2026-11-21 00:22:47Z INFO Terminal] WRITE LINE: …
    private static DateTime TimeOf(string[] lines) =>
        DateTime.ParseExact(lines.Last(line => line.StartsWith("[20", StringComparison.Ordinal))[1..20], "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
