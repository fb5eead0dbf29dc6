using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The metric families of runners and jobs, in the order in which they are scraped.</summary>
/// <param name="registry">Where they are shown.</param>
/// <param name="maxTextBytes">How many bytes the text of all series may have.</param>
internal sealed class FleetFamilies(MetricRegistry registry, long maxTextBytes)
{
    public MetricFamily Status { get; } = registry.Add(MetricCatalog.RunnerStatus);

    public MetricFamily Busy { get; } = registry.Add(MetricCatalog.RunnerBusy);

    public MetricFamily Runners { get; } = registry.Add(MetricCatalog.Runners);

    public MetricFamily Info { get; } = registry.Add(MetricCatalog.RunnerInfo);

    public MetricFamily StartTime { get; } = registry.Add(MetricCatalog.RunnerStartTime);

    public MetricFamily Uptime { get; } = registry.Add(MetricCatalog.RunnerUptime);

    public MetricFamily LastHeartbeat { get; } = registry.Add(MetricCatalog.LastHeartbeat);

    public MetricFamily Jobs { get; } = registry.Add(MetricCatalog.Jobs);

    public MetricFamily Failures { get; } = registry.Add(MetricCatalog.JobFailures);

    public MetricFamily Corrections { get; } = registry.Add(MetricCatalog.JobCorrections);

    public MetricFamily Unresolved { get; } = registry.Add(MetricCatalog.JobsUnresolved);

    public MetricFamily Duration { get; } = registry.Add(MetricCatalog.JobDuration);

    public MetricFamily QueueTime { get; } = registry.Add(MetricCatalog.QueueTime);

    public MetricFamily QueueDuration { get; } = registry.Add(MetricCatalog.QueueDuration);

    public MetricFamily JobStartTime { get; } = registry.Add(MetricCatalog.JobStartTime);

    public MetricFamily CacheRequests { get; } = registry.Add(MetricCatalog.CacheRequests);

    public MetricFamily CacheHitRate { get; } = registry.Add(MetricCatalog.CacheHitRate);

    public MetricFamily CacheLinesUnknown { get; } = registry.Add(MetricCatalog.CacheLinesUnknown);

    public MetricFamily WorkflowJobs { get; } = registry.Add(MetricCatalog.WorkflowJobs);

    public MetricFamily WorkflowJobDuration { get; } = registry.Add(MetricCatalog.WorkflowJobDuration);

    public MetricFamily WorkflowRunDuration { get; } = registry.Add(MetricCatalog.WorkflowRunDuration);

    public MetricFamily WorkflowJobsQueued { get; } = registry.Add(MetricCatalog.WorkflowJobsQueued);

    public MetricFamily OldestWait { get; } = registry.Add(MetricCatalog.OldestWait);

    public MetricFamily Registered { get; } = registry.Add(MetricCatalog.RunnersRegistered);

    public MetricFamily Unmatched { get; } = registry.Add(MetricCatalog.RunnersUnmatched);

    public MetricFamily Deployments { get; } = registry.Add(MetricCatalog.Deployments);

    public MetricFamily DeploymentChangeFailures { get; } = registry.Add(MetricCatalog.DeploymentChangeFailures);

    public MetricFamily DeploymentLeadTime { get; } = registry.Add(MetricCatalog.DeploymentLeadTime);

    public MetricFamily DeploymentRecovery { get; } = registry.Add(MetricCatalog.DeploymentRecovery);

    public MetricFamily DeploymentRework { get; } = registry.Add(MetricCatalog.DeploymentRework);

    public MetricFamily Incidents { get; } = registry.Add(MetricCatalog.Incidents);

    public Counter DroppedSeries { get; } = registry.DroppedSeries;

    public Counter CacheReportsImplausible { get; } = registry.Add(MetricCatalog.CacheReportsImplausible).AddCounter(Labels.None);

    /// <summary>Whether there is room for the text of another label set.</summary>
    public bool HasRoom => registry.TextBytes < maxTextBytes;

    /// <summary>Whether webhooks report waits: from then on every runner's waits are measured, starting at 0.</summary>
    public bool WaitsAreMeasured { get; set; }

    /// <summary>Puts all series in the order that they had when they were saved.</summary>
    public void RestoreOrder()
    {
        MetricFamily[] all =
        [
            Status, Busy, Runners, Info, StartTime, Uptime, LastHeartbeat, Jobs, Failures, Corrections, Unresolved, Duration, QueueTime,
            QueueDuration, JobStartTime, CacheRequests, CacheHitRate, CacheLinesUnknown, WorkflowJobs, WorkflowJobDuration, WorkflowRunDuration, WorkflowJobsQueued,
            Deployments, DeploymentChangeFailures, DeploymentLeadTime, DeploymentRecovery, DeploymentRework, Incidents,
        ];
        foreach (var family in all)
        {
            family.RestoreOrder();
        }
    }
}
