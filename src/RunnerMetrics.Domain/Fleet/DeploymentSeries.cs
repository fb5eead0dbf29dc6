using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What is counted of one repository and environment. A series exists from the moment when what it counts is first reported.</summary>
internal sealed class DeploymentSeries(FleetFamilies families, RepositoryName repository, EnvironmentName environment, bool hasTimeline)
{
    private readonly Labels _labels = Labels.Of(("repository", repository), ("environment", environment));

    public RepositoryName Repository { get; } = repository;

    public EnvironmentName Environment { get; } = environment;

    /// <summary>Null beyond the limit: there, the deployments are not related.</summary>
    public DeploymentTimeline? Timeline { get; } = hasTimeline ? new DeploymentTimeline() : null;

    public Counter? Succeeded { get; private set; }

    public Counter? Failed { get; private set; }

    public Histogram? LeadTime { get; private set; }

    public Histogram? Recovery { get; private set; }

    public Counter? ChangeFailures { get; private set; }

    public Counter? Rework { get; private set; }

    public Counter? Incidents { get; private set; }

    /// <summary>Deployments are reported: from now on, failed ones and the successful ones after them are too.</summary>
    public void BearDeployments()
    {
        Succeeded ??= families.Deployments.AddCounter(_labels.With(new LabelPair("status", "success")));
        Failed ??= families.Deployments.AddCounter(_labels.With(new LabelPair("status", "failure")));
        Recovery ??= families.DeploymentRecovery.AddHistogram(_labels);
    }

    /// <summary>A failure was traced to a deployment from another series: for example, from an incident in another environment.</summary>
    public void BearChangeFailures() => ChangeFailures ??= families.DeploymentChangeFailures.AddCounter(_labels);

    public void BearLeadTime() => LeadTime ??= families.DeploymentLeadTime.AddHistogram(_labels);

    public void BearRework()
    {
        BearChangeFailures();
        Rework ??= families.DeploymentRework.AddCounter(_labels);
    }

    public void BearIncidents()
    {
        BearChangeFailures();
        Recovery ??= families.DeploymentRecovery.AddHistogram(_labels);
        Incidents ??= families.Incidents.AddCounter(_labels);
    }

    public Saved.DeploymentSeries Save() => new()
    {
        Repository = Repository,
        Environment = Environment,
        FailuresBefore = Timeline?.FailuresBefore ?? 0,
        Ends = { (Timeline?.Ends ?? []).Select(Save) },
        Succeeded = Succeeded?.Save(),
        Failed = Failed?.Save(),
        ChangeFailures = ChangeFailures?.Save(),
        Rework = Rework?.Save(),
        Incidents = Incidents?.Save(),
        LeadTime = LeadTime?.Save(),
        Recovery = Recovery?.Save(),
    };

    public void Load(Saved.DeploymentSeries saved)
    {
        Timeline?.Restore(saved.FailuresBefore, saved.Ends.Select(Load));
        Succeeded = Load(saved.Succeeded, families.Deployments, _labels.With(new LabelPair("status", "success")));
        Failed = Load(saved.Failed, families.Deployments, _labels.With(new LabelPair("status", "failure")));
        ChangeFailures = Load(saved.ChangeFailures, families.DeploymentChangeFailures, _labels);
        Rework = Load(saved.Rework, families.DeploymentRework, _labels);
        Incidents = Load(saved.Incidents, families.Incidents, _labels);
        LeadTime = Load(saved.LeadTime, families.DeploymentLeadTime);
        Recovery = Load(saved.Recovery, families.DeploymentRecovery);
    }

    private static Counter? Load(Saved.Counter? saved, MetricFamily family, Labels labels)
    {
        var counter = saved is null ? null : family.AddCounter(labels);
        counter?.Load(saved);
        return counter;
    }

    private Histogram? Load(Saved.Histogram? saved, MetricFamily family)
    {
        var histogram = saved is null ? null : family.AddHistogram(_labels);
        histogram?.Load(saved);
        return histogram;
    }

    private static Saved.DeploymentEnd Save(DeploymentEnd end) => new()
    {
        Key = end.Key.Save(),
        At = end.At.Save(),
        Succeeded = end.Succeeded,
        IsRework = end.IsRework,
        HasIncident = end.HasIncident,
        IsRecoveryMeasured = end.IsRecoveryMeasured,
    };

    private static DeploymentEnd Load(Saved.DeploymentEnd saved) => new(saved.Key.Load(), saved.At.LoadOrNever(), saved.Succeeded)
    {
        IsRework = saved.IsRework,
        HasIncident = saved.HasIncident,
        IsRecoveryMeasured = saved.IsRecoveryMeasured,
    };
}
