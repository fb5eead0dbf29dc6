using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What is counted of one repository and environment. A series is there from the moment on when what it counts is told of.</summary>
internal sealed class DeploymentSeries(FleetFamilies families, string repository, string environment, bool hasTimeline)
{
    private readonly Labels _labels = Labels.Of(("repository", repository), ("environment", environment));

    public string Repository { get; } = repository;

    public string Environment { get; } = environment;

    /// <summary>Null for what passed the limit: there, the deployments are not one another's neighbours.</summary>
    public DeploymentTimeline? Timeline { get; } = hasTimeline ? new DeploymentTimeline() : null;

    public Counter? Succeeded { get; private set; }

    public Counter? Failed { get; private set; }

    public Histogram? LeadTime { get; private set; }

    public Histogram? Recovery { get; private set; }

    public Counter? ChangeFailures { get; private set; }

    public Counter? Rework { get; private set; }

    public Counter? Incidents { get; private set; }

    /// <summary>A deployment is told of: from now on, so will be those that fail, and the good ones after them.</summary>
    public void BearDeployments()
    {
        Succeeded ??= families.Deployments.AddCounter(_labels.With(new LabelPair("status", "success")));
        Failed ??= families.Deployments.AddCounter(_labels.With(new LabelPair("status", "failure")));
        Recovery ??= families.DeploymentRecovery.AddHistogram(_labels);
    }

    /// <summary>A failure was traced to a deployment by what belongs to another series: an incident in another environment, for example.</summary>
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

    public void Save(BinaryWriter writer)
    {
        Timeline?.Save(writer);
        foreach (var counter in (Counter?[])[Succeeded, Failed, ChangeFailures, Rework, Incidents])
        {
            writer.Write(counter is not null);
            counter?.Save(writer);
        }

        foreach (var histogram in (Histogram?[])[LeadTime, Recovery])
        {
            writer.Write(histogram is not null);
            histogram?.Save(writer);
        }
    }

    public void Load(BinaryReader reader)
    {
        Timeline?.Load(reader);
        Succeeded = LoadCounter(reader, families.Deployments, _labels.With(new LabelPair("status", "success")));
        Failed = LoadCounter(reader, families.Deployments, _labels.With(new LabelPair("status", "failure")));
        ChangeFailures = LoadCounter(reader, families.DeploymentChangeFailures, _labels);
        Rework = LoadCounter(reader, families.DeploymentRework, _labels);
        Incidents = LoadCounter(reader, families.Incidents, _labels);
        LeadTime = LoadHistogram(reader, families.DeploymentLeadTime);
        Recovery = LoadHistogram(reader, families.DeploymentRecovery);
    }

    private static Counter? LoadCounter(BinaryReader reader, MetricFamily family, Labels labels)
    {
        var counter = reader.ReadBoolean() ? family.AddCounter(labels) : null;
        counter?.Load(reader);
        return counter;
    }

    private Histogram? LoadHistogram(BinaryReader reader, MetricFamily family)
    {
        var histogram = reader.ReadBoolean() ? family.AddHistogram(_labels) : null;
        histogram?.Load(reader);
        return histogram;
    }
}
