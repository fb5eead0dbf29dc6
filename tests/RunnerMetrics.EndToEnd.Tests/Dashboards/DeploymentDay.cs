using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>The deployments of the simulated day: two repositories in turn, a commit two hours before each, failed runs, incidents and reworks.</summary>
internal sealed class DeploymentDay
{
    private const int Count = 14;
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(100);
    private static readonly TimeSpan LeadTime = TimeSpan.FromHours(2);
    private static readonly int[] FailedRuns = [4, 9];
    private static readonly int[] WithIncident = [2, 7];
    private static readonly int[] Reworks = [6, 8, 11, 13];

    private readonly List<(DateTimeOffset At, Event? Event, string Webhook, JsonObject? Payload)> _plan = [];

    public DeploymentDay(DateTimeOffset start)
    {
        for (var i = 0; i < Count; i++)
        {
            Plan(i, start + TimeSpan.FromHours(0.5) + (i * Between));
        }

        _plan.Sort((a, b) => a.At.CompareTo(b.At));
    }

    public static int Good => Count - FailedRuns.Length;

    public static double LeadSeconds => LeadTime.TotalSeconds;

    /// <summary>Good deployments that an incident was traced to, or that the next good one of their repository reworked: once each.</summary>
    public static int ChangesThatFailed => WithIncident.Concat(Reworks.Select(Mended)).Distinct().Count();

    /// <summary>What is told at a moment.</summary>
    public (IReadOnlyList<Event> Events, IReadOnlyList<(string Name, JsonObject Payload)> Webhooks) Next(DateTimeOffset now)
    {
        var due = _plan.TakeWhile(planned => planned.At <= now).ToList();
        _plan.RemoveRange(0, due.Count);
        return ([.. due.Select(planned => planned.Event).OfType<Event>()], [.. due.Where(planned => planned.Payload is not null).Select(planned => (planned.Webhook, planned.Payload!))]);
    }

    private static int Mended(int rework)
    {
        var before = rework - 2;
        while (FailedRuns.Contains(before))
        {
            before -= 2;
        }

        return before;
    }

    private void Plan(int i, DateTimeOffset at)
    {
        Webhook(at - TimeSpan.FromMinutes(5), "push", i, new JsonObject { ["head_commit"] = new JsonObject { ["id"] = Sha(i), ["timestamp"] = Time(at - LeadTime) } });
        Webhook(at - TimeSpan.FromMinutes(4), "deployment_status", i, Status(i, "pending", at - TimeSpan.FromMinutes(4)));
        Webhook(at, "deployment_status", i, Status(i, FailedRuns.Contains(i) ? "failure" : "success", at));
        if (Reworks.Contains(i))
        {
            Report(at + TimeSpan.FromMinutes(2), $"rework-{i}", new Event
            {
                Deployment = new Deployment
                {
                    DeploymentId = Number(i),
                    ServerUrl = "https://github.com",
                    Repository = RepositoryOf(i),
                    Environment = "production",
                    State = Deployment.Types.State.Success,
                    Rework = true,
                },
            });
        }

        if (WithIncident.Contains(i))
        {
            var (opened, resolved) = (at + TimeSpan.FromMinutes(10), at + TimeSpan.FromMinutes(70));
            Report(opened, $"opened-{i}", Incident(i, opened, null));
            Report(resolved, $"resolved-{i}", Incident(i, null, resolved));
        }
    }

    private void Webhook(DateTimeOffset at, string name, int i, JsonObject payload)
    {
        payload["repository"] = new JsonObject { ["full_name"] = RepositoryOf(i), ["html_url"] = "https://github.com/" + RepositoryOf(i) };
        _plan.Add((at, null, name, payload));
    }

    private void Report(DateTimeOffset at, string id, Event told)
    {
        (told.EventId, told.OccurredAt) = (id, at.ToTimestamp());
        _plan.Add((at, told, "", null));
    }

    private static JsonObject Status(int i, string state, DateTimeOffset at) => new()
    {
        ["deployment_status"] = new JsonObject { ["state"] = state, ["environment"] = "production", ["created_at"] = Time(at) },
        ["deployment"] = new JsonObject { ["id"] = i + 1, ["sha"] = Sha(i), ["environment"] = "production", ["created_at"] = Time(at) },
    };

    private static Event Incident(int i, DateTimeOffset? opened, DateTimeOffset? resolved) => new()
    {
        Incident = new Incident
        {
            IncidentId = Number(i),
            ServerUrl = "https://github.com",
            Repository = RepositoryOf(i),
            Environment = "production",
            DeploymentId = Number(i),
            OpenedAt = opened?.ToTimestamp(),
            ResolvedAt = resolved?.ToTimestamp(),
        },
    };

    private static string RepositoryOf(int i) => i % 2 == 0 ? "acme/shop" : "acme/app";

    private static string Number(int i) => (i + 1).ToString(CultureInfo.InvariantCulture);

    private static string Sha(int i) => i.ToString("x40", CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
