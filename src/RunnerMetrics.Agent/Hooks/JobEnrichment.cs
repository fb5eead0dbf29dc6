using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// Adds to a job what its hooks reported and its logs do not have, because it was masked or a log was lost. The logs take precedence: if the two
/// contradict each other, or more than one job's hooks could be meant, nothing is added.
/// </summary>
internal sealed class JobEnrichment(HookFolder folder, HookAnswers answers, TimeProvider time)
{
    public const string Ending = ".hook";

    // A job can take five days on a runner of one's own.
    private static readonly TimeSpan OldAfter = TimeSpan.FromDays(7);

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, HookReport> _reports = new(StringComparer.Ordinal);

    /// <summary>How many reports are held.</summary>
    public int Count => _reports.Count;

    /// <summary>Looks for new files, and removes those that are not needed.</summary>
    public void Refresh() => Refresh(folder.ListIfChanged(Ending));

    /// <summary>The same, for a list that was had together with other files'.</summary>
    public void Refresh(IReadOnlyList<string>? names)
    {
        foreach (var name in names ?? [])
        {
            if (!_reports.ContainsKey(name) && _reports.Count < HookFolder.MostFiles && name.EndsWith(Ending, StringComparison.Ordinal))
            {
                Take(name);
            }
        }

        if (names is not null)
        {
            Forget(report => time.GetUtcNow() - report.At > OldAfter);
        }
    }

    /// <summary>What happened, with what the hooks add.</summary>
    public DiagEvent Enrich(DiagEvent happened) => happened switch
    {
        JobBegan began => began with { Job = Enrich(began.Job, DateTimeOffset.MaxValue) },
        JobEnded ended => ended with { Job = Enrich(ended.Job, ended.At) },
        _ => happened,
    };

    /// <summary>A job's end is durably reported: its hooks' files are no longer needed.</summary>
    public void Settled(JobEnded ended) => Forget(report => report.At <= ended.At, ended.Job.RunnerName);

    private JobFacts Enrich(JobFacts job, DateTimeOffset until)
    {
        if (job is { Repository.Length: > 0, Workflow.Length: > 0, ServerUrl.Length: > 0, RunId: > 0, RunAttempt: > 0 })
        {
            return job;
        }

        // Before its end is known, only the run tells a job's hooks from those of the job after it.
        HookReport? found = null;
        foreach (var report in _reports.Values)
        {
            if (report.RunnerName != job.RunnerName || report.At < job.StartedAt || report.At > until || (until == DateTimeOffset.MaxValue && job.RunId == 0))
            {
                continue;
            }

            if (Agrees(job, report))
            {
                if (found is not null && found with { At = report.At, Waits = report.Waits } != report)
                {
                    return job;
                }

                found = report;
            }
            else if (until < DateTimeOffset.MaxValue)
            {
                return job;
            }
        }

        return found is null
            ? job
            : job with
            {
                ServerUrl = Either(job.ServerUrl, found.ServerUrl),
                Repository = Either(job.Repository, found.Repository),
                Workflow = Either(job.Workflow, found.Workflow),
                RunId = job.RunId > 0 ? job.RunId : found.RunId,
                RunAttempt = job.RunAttempt > 0 ? job.RunAttempt : found.RunAttempt,
            };
    }

    private void Take(string name)
    {
        if (folder.Read(name) is not { } file)
        {
            return;
        }

        if (HookReport.TryParse(file.Content, file.WrittenAt, out var report) && report.At <= time.GetUtcNow() + ClockTolerance)
        {
            _reports.Add(name, report);
            answers.Add(name, report);
        }
        else
        {
            folder.Refuse(name);
        }
    }

    // Another runner's reports are its own agent's, as long as they are not old.
    private void Forget(Predicate<HookReport> isDone, string? runnerName = null)
    {
        foreach (var (name, report) in _reports.ToArray())
        {
            if (isDone(report) && (report.RunnerName == runnerName || time.GetUtcNow() - report.At > OldAfter))
            {
                folder.Remove(name);
                _reports.Remove(name);
            }
        }
    }

    private static bool Agrees(JobFacts job, HookReport report) =>
        (job.RunId == 0 || report.RunId == 0 || job.RunId == report.RunId)
        && (job.RunAttempt == 0 || report.RunAttempt == 0 || job.RunAttempt == report.RunAttempt)
        && (job.Repository.Length == 0 || report.Repository.Length == 0 || job.Repository == report.Repository);

    private static string Either(string logged, string hooked) => logged.Length > 0 ? logged : hooked;
}
