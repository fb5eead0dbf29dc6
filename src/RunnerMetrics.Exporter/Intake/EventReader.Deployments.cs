using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Wire;

namespace RunnerMetrics.Exporter.Intake;

/// <content>Deployments and incidents, which happen on no runner.</content>
internal sealed partial class EventReader
{
    /// <summary>No commit and no incident is older than Git; before it stand times that were never set, such as 1970-01-01.</summary>
    private static readonly DateTimeOffset FirstTime = new(2005, 4, 1, 0, 0, 0, TimeSpan.Zero);

    private EventReading? JudgeDeployment(Deployment deployment)
    {
        var problem = IdProblem("deployment.deployment_id", deployment.DeploymentId) ?? TextProblem("deployment.server_url", deployment.ServerUrl)
            ?? RepositoryProblem("deployment.repository", deployment.Repository) ?? EnvironmentProblem("deployment.environment", deployment.Environment)
            ?? (deployment.Sha.Length == 0 || CommitSha.TryParse(deployment.Sha, out _, out var noCommit) ? null : $"deployment.sha {noCommit}")
            ?? CommitTimeProblem("deployment.head_committed_at", deployment.HeadCommittedAt) ?? CommitTimeProblem("deployment.oldest_committed_at", deployment.OldestCommittedAt);
        return problem is not null ? EventReading.Rejected(problem)
            : deployment.State is < Deployment.Types.State.Success or > Deployment.Types.State.InProgress
                ? UnknownEnum("deployment.state", (int)deployment.State, "pending, in_progress, success or failure")
            : TryOptionalTime("deployment.finished_at", deployment.FinishedAt, out _, out var refusal) ? null
            : refusal;
    }

    private EventReading? JudgeIncident(Incident incident)
    {
        var problem = IdProblem("incident.incident_id", incident.IncidentId) ?? TextProblem("incident.server_url", incident.ServerUrl)
            ?? RepositoryProblem("incident.repository", incident.Repository) ?? EnvironmentProblem("incident.environment", incident.Environment)
            ?? (incident.DeploymentId.Length == 0 ? null : IdProblem("incident.deployment_id", incident.DeploymentId));
        return problem is not null ? EventReading.Rejected(problem)
            : !TryOptionalTime("incident.opened_at", incident.OpenedAt, out var openedAt, out var refusal)
                || !TryOptionalTime("incident.resolved_at", incident.ResolvedAt, out var resolvedAt, out refusal) ? refusal
            : openedAt < FirstTime ? EventReading.Rejected($"incident.opened_at is {openedAt:yyyy}: leave out what is not known")
            : resolvedAt < openedAt ? EventReading.Rejected("incident.resolved_at is before opened_at: an incident ends after it begins")
            : null;
    }

    private static string? RepositoryProblem(string field, string repository) => RepositoryName.TryParse(repository, out _, out var problem) ? null : $"{field} {problem}";

    private static string? EnvironmentProblem(string field, string environment) => EnvironmentName.TryParse(environment, out _, out var problem) ? null : $"{field} {problem}";

    private bool TryOptionalTime(string field, Timestamp? wire, out DateTimeOffset? time, out EventReading refusal)
    {
        (time, refusal) = (null, default);
        if (wire is null)
        {
            return true;
        }

        var isTime = TryTime(field, wire, out var read, out refusal);
        time = isTime ? read : null;
        return isTime;
    }

    // A commit's time is by its author's clock: it is not shifted by a sender's skew, and one in the future is no reason to lose a deployment.
    private static string? CommitTimeProblem(string field, Timestamp? wire) =>
        wire is null || (WireTime.TryRead(wire, out var time) && time >= FirstTime) ? null : $"{field} is not a valid time of a commit: leave out what is not known";
}
