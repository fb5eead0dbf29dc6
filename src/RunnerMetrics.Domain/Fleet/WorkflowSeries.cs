using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Jobs by repository and workflow. What passes the limit counts as <c>other</c>; repositories that are not asked for are not counted.</summary>
internal sealed class WorkflowSeries(FleetFamilies families, FleetOptions options)
{
    private static readonly JobConclusion[] Conclusions = [JobConclusion.Success, JobConclusion.Failed, JobConclusion.Cancelled, JobConclusion.Lost];
    private static readonly LabelPair[] StatusLabels = [.. Conclusions.Select(c => new LabelPair("status", JobSeries.Word(c)))];
    private static readonly (RepositoryName, string) Other = (RepositoryName.Kept(RunnerIdentity.OtherName), RunnerIdentity.OtherName);

    private readonly Dictionary<(RepositoryName Repository, string Workflow), Entry> _workflows = [];

    /// <summary>Shows a workflow at 0, before its first job ends.</summary>
    public void Initialize(RepositoryName repository, string workflow) => EntryOf(repository, workflow, out _);

    /// <summary>Counts a job's end.</summary>
    /// <param name="repository"><c>owner/name</c>; a job whose repository is not known is not counted here.</param>
    /// <param name="workflow">The workflow's name.</param>
    /// <param name="conclusion">How it ended.</param>
    /// <param name="seconds">How long it took, if that is known.</param>
    /// <param name="exemplar">Where to find the job.</param>
    public void Count(RepositoryName repository, string workflow, JobConclusion conclusion, double? seconds, Exemplar? exemplar)
    {
        if (EntryOf(repository, workflow, out var isDropped) is not { } entry)
        {
            return;
        }

        if (isDropped)
        {
            families.DroppedSeries.Increment();
        }

        entry.Jobs[(int)conclusion - 1].Increment();
        if (seconds is { } measured && conclusion != JobConclusion.Lost)
        {
            entry.Durations[(int)conclusion - 1].Observe(measured, exemplar);
        }
    }

    /// <summary>The failed and the lost jobs of each workflow.</summary>
    public IEnumerable<((RepositoryName Repository, string Workflow) Name, double Failed, double Lost)> Errors =>
        _workflows.Select(workflow => (workflow.Key, workflow.Value.Jobs[(int)JobConclusion.Failed - 1].Value, workflow.Value.Jobs[(int)JobConclusion.Lost - 1].Value));

    /// <summary>The workflow that a workflow's jobs are counted as; null if they are not counted.</summary>
    public (RepositoryName Repository, string Workflow)? NameOf(RepositoryName repository, string workflow) =>
        !IsCounted(repository) ? null : _workflows.ContainsKey((repository, workflow)) ? (repository, workflow) : Other;

    public IEnumerable<Saved.Piece> Save() => _workflows.Select(workflow => new Saved.Piece
    {
        WorkflowSeries = new Saved.WorkflowSeries
        {
            Repository = workflow.Key.Repository,
            Workflow = workflow.Key.Workflow,
            Conclusions = { SavedSeries.Save(workflow.Value.Jobs, workflow.Value.Durations) },
        },
    });

    public void Load(Saved.WorkflowSeries saved)
    {
        var entry = Add((RepositoryName.Kept(saved.Repository), saved.Workflow));
        SavedSeries.Load(saved.Conclusions, entry.Jobs, entry.Durations);
    }

    private bool IsCounted(RepositoryName repository) => repository.IsKnown && !repository.IsExcluded && options.CountsWorkflowsOf(repository);

    private Entry? EntryOf(RepositoryName repository, string workflow, out bool isDropped)
    {
        isDropped = false;
        if (!IsCounted(repository))
        {
            return null;
        }

        if (_workflows.TryGetValue((repository, workflow), out var entry))
        {
            return entry;
        }

        if (_workflows.Count < options.MaxLabelSets && families.HasRoom)
        {
            return Add((repository, workflow));
        }

        isDropped = true;
        return _workflows.TryGetValue(Other, out var other) ? other : Add(Other);
    }

    private Entry Add((RepositoryName Repository, string Workflow) name)
    {
        var labels = Labels.Of(("repository", name.Repository), ("workflow", name.Workflow));
        return _workflows[name] = new Entry(
            [.. StatusLabels.Select(status => families.WorkflowJobs.AddCounter(labels.With(status)))],
            [.. StatusLabels[..^1].Select(status => families.WorkflowJobDuration.AddHistogram(labels.With(status)))]); // a lost job's end is not known
    }

    private sealed record Entry(Counter[] Jobs, Histogram[] Durations);
}
