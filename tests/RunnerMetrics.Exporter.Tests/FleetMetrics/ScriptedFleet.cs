using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Tests.Traces;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.FleetMetrics;

/// <summary>A fleet with something of everything: jobs of each status and reason, one that is lost, one that runs, some that wait, runners of each state, ended runs.</summary>
internal static class ScriptedFleet
{
    public static WebhookFleet Play()
    {
        var fleet = new WebhookFleet();
        fleet.Fleet.Apply(new Domain.Events.TimeObserved("noted", AgentEvents.Now.AddHours(-1), TimeSpan.FromHours(1)));
        var standard = AgentEvents.Runner();
        fleet.Take(AgentEvents.Heartbeat("h1", runner: standard));
        fleet.Take(AgentEvents.Heartbeat("h2", runner: AgentEvents.Runner("r2", "chrome")));
        fleet.Take(AgentEvents.Heartbeat("h3", runner: AgentEvents.Runner("r3"), state: State.Disconnected));
        fleet.Take(AgentEvents.Heartbeat("h4", runner: AgentEvents.Runner("r4")));
        fleet.Take(AgentEvents.Stopped("h5").With(stopped => stopped.Runner = AgentEvents.Runner("r4")));

        fleet.Take(AgentEvents.Completed("c1", "ok"));
        fleet.Take(AgentEvents.Completed("c2", "cancelled", conclusion: Conclusion.Cancelled));
        fleet.Take(Failed("c3", FailureReason.Job));
        fleet.Take(Failed("c4", FailureReason.Setup));
        fleet.Take(Failed("c5", FailureReason.Setup));
        fleet.Take(Failed("c6", FailureReason.Runner));
        fleet.Take(Failed("c7", FailureReason.Unspecified));
        fleet.Take(AgentEvents.Completed("c8", "lost", conclusion: Conclusion.Lost, runner: AgentEvents.Runner("r2", "chrome")));
        fleet.Take(AgentEvents.Completed("c9", "deployed", runner: AgentEvents.Runner("r2", "chrome")).With(job => job.JobCompleted.Job.Workflow = "Deploy"));

        // Run 7 runs, run 8 waits with two jobs, run 9 waits for its second job.
        fleet.Take(AgentEvents.Started("s1", "running", -5));
        fleet.Take(AgentEvents.Heartbeat("h6", 1, standard, State.Busy));
        fleet.Take(Queued(2001, 8));
        fleet.Take(Queued(2002, 8));
        fleet.Take(Payload.Job("completed", job => (job["id"], job["run_id"]) = (2003, 9)));
        fleet.Take(Queued(2004, 9));

        End(fleet, 31, "success", -100, -40);
        End(fleet, 32, "neutral", -100, -95);
        End(fleet, 33, "failure", -1000, 0);
        End(fleet, 34, "startup_failure", -2, -1);
        End(fleet, 35, "timed_out", -22000, 0);
        return fleet;
    }

    private static Event Failed(string id, FailureReason reason) =>
        AgentEvents.Completed(id, id, conclusion: Conclusion.Failed).With(job => job.JobCompleted.FailureReason = reason);

    private static System.Text.Json.Nodes.JsonObject Queued(long id, long run) => Payload.Job("queued", job => (job["id"], job["run_id"]) = (id, run));

    private static void End(WebhookFleet fleet, long run, string conclusion, double from, double to)
    {
        var payload = RunPayload.Run(from, to, conclusion);
        payload["workflow_run"]!["id"] = run;
        fleet.Take(payload, name: "workflow_run");
    }
}
