using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>What the hook folder adds to a round of reading. A file is removed only when what was made of it is in the spool.</summary>
internal sealed class HookReader
{
    /// <summary>Fewer than the spool knows by their ids, so that a crash before their files are removed doubles none.</summary>
    public const int MostReports = 100;

    private readonly HookFolder _folder;
    private readonly JobEnrichment _enrichment;
    private readonly HookAnswers _answers;
    private readonly CacheReports _caches;
    private readonly JobSpans _spans;
    private readonly List<CacheReport> _reports = [];
    private JobEnded? _lastEnded;

    public HookReader(HookFolder folder, TimeProvider time)
    {
        _folder = folder;
        _answers = new HookAnswers(folder, time);
        _enrichment = new JobEnrichment(folder, _answers, time);
        _caches = new CacheReports(folder, time);
        _spans = new JobSpans(folder, time);
    }

    /// <summary>
    /// Looks for new files; called after the logs were read, so that a job whose end was just read has its hooks' files: the runner waits for its hooks
    /// before it says that a job is over. Nothing waits for a hook that left none.
    /// </summary>
    /// <param name="takesReports">Whether cache reports are taken: not before it is known in which life of the runner.</param>
    /// <returns>Cache reports that were not taken before.</returns>
    public IReadOnlyList<CacheReport> Refresh(bool takesReports)
    {
        var names = _folder.ListIfChanged(JobEnrichment.Ending, CacheReport.Ending, CacheReport.TakenEnding);
        _enrichment.Refresh(names);
        var reports = _caches.Take(names, takesReports ? MostReports - _reports.Count : 0);
        _reports.AddRange(reports);
        return reports;
    }

    /// <summary>Answers the hooks that wait, where all is delivered.</summary>
    public void Answer(bool isDelivered) => _answers.Answer(isDelivered);

    /// <summary>What happened, with what the hooks add.</summary>
    public DiagEvent Enrich(DiagEvent happened)
    {
        _lastEnded = happened as JobEnded ?? _lastEnded;
        var enriched = _enrichment.Enrich(happened);
        _spans.Note(enriched);
        return enriched;
    }

    /// <summary>All that was told so far is in the spool.</summary>
    public void Settle()
    {
        _reports.ForEach(_caches.Settled);
        _reports.Clear();
        if (_lastEnded is { } ended)
        {
            _enrichment.Settled(ended);
            _lastEnded = null;
        }
    }
}
