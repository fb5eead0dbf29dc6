namespace RunnerMetrics.Domain.Jobs;

/// <summary>A job that started and whose end has not been reported yet.</summary>
/// <param name="Job">The job.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="InstanceId">The life of the listener that runs it.</param>
/// <param name="SeenAt">When the exporter learned of it, in the fleet's observed time.</param>
internal sealed record OpenJob(JobIdentity Job, DateTimeOffset StartedAt, string InstanceId, TimeSpan SeenAt);
