using RunnerMetrics.Contracts.V1;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Reason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>A small fleet in an ordinary hour: what the pictures of the documentation show.</summary>
internal static class PictureFleet
{
    private static readonly string[] Jobs = ["build", "unit tests", "integration tests (postgres)", "lint", "browser tests (chrome, 2/4)", "package", "e2e (checkout)", "publish image"];
    private static readonly string[] Repositories = ["acme/shop", "acme/storefront", "acme/payments"];
    private static readonly string[] Workflows = ["CI", "Release", "Nightly"];

    public static async Task TellAsync(PageExporter exporter)
    {
        var now = PageExporter.Now;
        Runner[] runners =
        [
            .. Enumerable.Range(1, 6).Select(number => PageExporter.Runner($"standard-{number}")), .. Enumerable.Range(1, 4).Select(number => PageExporter.Runner($"chrome-{number}", "chrome")),
            .. Enumerable.Range(1, 2).Select(number => PageExporter.Runner($"chrome-go-{number}", "chrome-go")),
        ];
        var random = new Random(20261129);
        List<Event> events = [];
        for (var job = 1; job <= 160; job++)
        {
            var runner = runners[random.Next(runners.Length - 1)];
            var from = now.AddSeconds(-(75 * job) - random.Next(60) - 200);
            var to = from.AddSeconds(20 + (random.Next(12) * random.Next(20)));
            var (name, repository, workflow) = (Jobs[random.Next(Jobs.Length)], Repositories[random.Next(Repositories.Length)], Workflows[random.Next(Workflows.Length)]);
            var (conclusion, reason) = random.Next(14) switch
            {
                0 => (Conclusion.Failed, Reason.Job),
                1 => (Conclusion.Failed, job % 2 == 0 ? Reason.Runner : Reason.Setup),
                2 => (Conclusion.Cancelled, Reason.Unspecified),
                _ => (Conclusion.Success, Reason.Unspecified),
            };
            events.Add(exporter.Completed(job, runner, from, to, conclusion, reason, name, repository, workflow));
            if (job < 70)
            {
                await exporter.QueueAsync(job, runner.Type, from.AddSeconds(-random.Next(1, 40)), name, repository, workflow);
            }
        }

        events.AddRange(runners.Select((runner, i) => exporter.Beat(runner, i == 7 ? RunnerHeartbeat.Types.State.Disconnected : i % 3 == 0 ? RunnerHeartbeat.Types.State.Busy : RunnerHeartbeat.Types.State.Idle)));
        events.AddRange(runners.Where((_, i) => i % 3 == 0).Select((runner, i) => exporter.Started(200 + i, runner, now.AddSeconds(-20 - (i * 97)), Jobs[i], Repositories[i % 3])));
        events.Add(new Event { EventId = "stopped", OccurredAt = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(now.AddSeconds(5)), Runner = runners[^1], Stopped = new RunnerStopped { Reason = "asked to" } });
        events.Add(exporter.Deployed("501", now.AddHours(-3), Deployment.Types.State.Success));
        events.Add(exporter.Deployed("502", now.AddMinutes(-70), Deployment.Types.State.Failure));
        events.Add(exporter.Deployed("503", now.AddMinutes(-25), Deployment.Types.State.Success));
        events.Add(exporter.Deployed("504", now.AddMinutes(-2), Deployment.Types.State.InProgress, "staging"));
        await exporter.TellAsync(events);
        await exporter.QueueAsync(301, "chrome-go", now.AddSeconds(-190), "e2e (checkout)");
        await exporter.QueueAsync(302, "chrome", now.AddSeconds(-75), "browser tests (chrome, 3/4)", "acme/storefront");
        await exporter.QueueAsync(303, "chrome", now.AddSeconds(-12), "browser tests (chrome, 4/4)", "acme/storefront");
    }
}
