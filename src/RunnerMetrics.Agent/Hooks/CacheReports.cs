namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// Takes the reports that steps left in the hook folder. A report is removed only after it was passed on durably; it is renamed before
/// it is passed on, so that one that could not be removed is not passed on at all, and one that two agents see is passed on by one of them.
/// </summary>
internal sealed class CacheReports(HookFolder folder, TimeProvider time)
{
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Queue<string> _listed = new();
    private bool _isFirst = true;

    /// <summary>Reports that were not taken yet.</summary>
    /// <param name="names">The files in the folder, if it may have changed.</param>
    /// <param name="limit">How many are taken at most; the rest comes the next time.</param>
    public IReadOnlyList<CacheReport> Take(IReadOnlyList<string>? names, int limit)
    {
        if (names is not null)
        {
            List(names);
        }

        var reports = new List<CacheReport>();
        while (reports.Count < limit && _listed.TryDequeue(out var name))
        {
            if (folder.Read(name) is not { } file)
            {
                continue;
            }

            if (!CacheReport.TryParse(name, file.Content, out var report) || report.At > time.GetUtcNow() + ClockTolerance)
            {
                folder.Refuse(name);
                continue;
            }

            _taken.Add(report.Id);
            if (name.EndsWith(CacheReport.TakenEnding, StringComparison.Ordinal) || folder.TryRename(name, report.Id + CacheReport.TakenEnding))
            {
                reports.Add(report);
            }
        }

        return reports;
    }

    /// <summary>The report was passed on durably.</summary>
    public void Settled(CacheReport report) => folder.Remove(report.Id + CacheReport.TakenEnding);

    // What was begun by an agent that is no more comes first: the spool knows its last events, and leaves out those of these that are among them.
    private void List(IReadOnlyList<string> names)
    {
        _listed.Clear();
        _taken.IntersectWith(names.Select(name => Path.GetFileNameWithoutExtension(name)));
        foreach (var name in names.Where(name => name.EndsWith(CacheReport.TakenEnding, StringComparison.Ordinal)).Where(_ => _isFirst).Concat(
            names.Where(name => name.EndsWith(CacheReport.Ending, StringComparison.Ordinal))))
        {
            if (!_taken.Contains(Path.GetFileNameWithoutExtension(name)))
            {
                _listed.Enqueue(name);
            }
        }

        _isFirst = false;
    }
}
