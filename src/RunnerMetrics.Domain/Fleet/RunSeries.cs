using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Ended attempts of runs by repository and workflow. What passes the limit counts as <c>other</c>; repositories that are not asked for are not counted.</summary>
internal sealed class RunSeries(FleetFamilies families, FleetOptions options)
{
    /// <summary>GitHub's conclusions of a run that came to its end. The first ones are shown as 0 once a workflow is known, the others with the first run that ends so.</summary>
    private static readonly string[] Conclusions = ["success", "failure", "cancelled", "timed_out", "skipped", "neutral", "stale", "startup_failure"];

    private const int ShownAtOnce = 3;

    private static readonly (RepositoryName, string) Other = (RepositoryName.Kept(RunnerIdentity.OtherName), RunnerIdentity.OtherName);

    private readonly Dictionary<(RepositoryName Repository, string Workflow), Histogram?[]> _workflows = [];

    /// <summary>What each workflow's runs took.</summary>
    public IEnumerable<RunFigure> Figures
    {
        get
        {
            foreach (var ((repository, workflow), durations) in _workflows)
            {
                for (var i = 0; i < durations.Length; i++)
                {
                    if (durations[i] is { } histogram)
                    {
                        yield return new RunFigure(repository, workflow, Conclusions[i], [.. histogram.Counts], histogram.Sum);
                    }
                }
            }
        }
    }

    /// <summary>Counts a run's end. One with a conclusion that is none of an end, such as action_required, does not count, nor does one before its start.</summary>
    public void Count(RepositoryName repository, string workflow, string conclusion, TimeSpan duration)
    {
        var index = Array.IndexOf(Conclusions, conclusion);
        if (index < 0 || duration < TimeSpan.Zero || !repository.IsKnown || repository.IsExcluded || !options.CountsWorkflowsOf(repository))
        {
            return;
        }

        var name = (repository, workflow);
        if (!_workflows.ContainsKey(name) && (_workflows.Count >= options.MaxLabelSets || !families.HasRoom))
        {
            families.DroppedSeries.Increment();
            name = Other;
        }

        Make(name, index).Observe(duration.TotalSeconds);
    }

    public IEnumerable<Saved.Piece> Save()
    {
        foreach (var ((repository, workflow), durations) in _workflows)
        {
            var saved = new Saved.RunSeries { Repository = repository, Workflow = workflow };
            for (var i = 0; i < durations.Length; i++)
            {
                if (durations[i] is { } histogram)
                {
                    saved.Conclusions.Add(new Saved.RunSeries.Types.Conclusion { Conclusion_ = Conclusions[i], Duration = histogram.Save() });
                }
            }

            yield return new Saved.Piece { RunSeries = saved };
        }
    }

    public void Load(Saved.RunSeries saved)
    {
        foreach (var series in saved.Conclusions)
        {
            // A later version may know more of them.
            if (Array.IndexOf(Conclusions, series.Conclusion_) is >= 0 and var index)
            {
                Make((RepositoryName.Kept(saved.Repository), saved.Workflow), index).Load(series.Duration);
            }
        }
    }

    private Histogram Make((RepositoryName Repository, string Workflow) name, int conclusion)
    {
        if (!_workflows.TryGetValue(name, out var durations))
        {
            _workflows[name] = durations = new Histogram?[Conclusions.Length];
        }

        for (var i = 0; i < durations.Length; i++)
        {
            if (i < ShownAtOnce || i == conclusion)
            {
                durations[i] ??= families.WorkflowRunDuration.AddHistogram(
                    Labels.Of(("repository", name.Repository), ("workflow", name.Workflow), ("conclusion", Conclusions[i])));
            }
        }

        return durations[conclusion]!;
    }
}
