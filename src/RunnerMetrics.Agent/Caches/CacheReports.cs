using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>Takes the reports that steps left in the hook folder. A report is removed only when it is told that it was passed on for good.</summary>
internal sealed class CacheReports(HookFolder folder, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Queue<string> _listed = new();

    /// <summary>Reports that were not taken yet.</summary>
    /// <param name="names">The files in the folder, where it may have changed.</param>
    /// <param name="limit">How many are taken at most; the rest comes the next time.</param>
    public IReadOnlyList<CacheReport> Take(IReadOnlyList<string>? names, int limit)
    {
        if (names is not null)
        {
            _listed.Clear();
            _taken.IntersectWith(names);
            foreach (var name in names.Where(name => name.EndsWith(CacheReport.Ending, StringComparison.Ordinal) && !_taken.Contains(name)))
            {
                _listed.Enqueue(name);
            }
        }

        var reports = new List<CacheReport>();
        while (reports.Count < limit && _listed.TryDequeue(out var name))
        {
            if (folder.Read(name) is not { } file)
            {
                continue;
            }

            if (CacheReport.TryParse(name, file.Content, out var report) && report.At <= time.GetUtcNow() + ClockTolerance)
            {
                _taken.Add(name);
                reports.Add(report);
            }
            else
            {
                folder.Refuse(name);
            }
        }

        return reports;
    }

    /// <summary>The report was passed on for good.</summary>
    public void Settled(CacheReport report) => folder.Remove(report.Id + CacheReport.Ending);
}
