using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>An incident from the command line.</summary>
internal sealed class IncidentReport(DateTimeOffset now, List<string> problems)
{
    public string? Id { get; init; }

    public string? Environment { get; init; }

    public string? DeploymentId { get; init; }

    public string? OpenedAt { get; init; }

    public string? ResolvedAt { get; init; }

    public bool IsResolved { get; init; }

    public string? Repository { get; init; }

    public string? ServerUrl { get; init; }

    /// <summary>The event. If there are problems, it must not be sent.</summary>
    public Event Create()
    {
        var isResolved = IsResolved || ResolvedAt is not null;
        var opened = ReportText.ReadTime("--opened-at", OpenedAt, problems);
        var resolved = ReportText.ReadTime("--resolved-at", ResolvedAt, problems);
        var incident = new Incident
        {
            IncidentId = ReportText.ReadId("--id", Id, problems),
            ServerUrl = ServerUrl ?? "",
            Repository = ReportText.ReadRepository(Repository, problems),
            Environment = ReportText.ReadEnvironment(Environment, problems),
            DeploymentId = DeploymentId is null ? "" : ReportText.ReadId("--deployment-id", DeploymentId, problems),
            OpenedAt = opened ?? (isResolved ? null : Timestamp.FromDateTimeOffset(now)),
            ResolvedAt = resolved ?? (isResolved ? Timestamp.FromDateTimeOffset(now) : null),
        };
        if (incident is { OpenedAt: { } from, ResolvedAt: { } to } && to < from)
        {
            problems.Add("--resolved-at is before --opened-at: an incident ends after it begins.");
        }

        return new Event
        {
            EventId = ReportText.EventId(
                "incident", incident.ServerUrl, incident.Repository, incident.Environment, incident.IncidentId, incident.DeploymentId, isResolved ? "resolved" : "opened", OpenedAt ?? ""),
            OccurredAt = Timestamp.FromDateTimeOffset(now),
            Incident = incident,
        };
    }
}
