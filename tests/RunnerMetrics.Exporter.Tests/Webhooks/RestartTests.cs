using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public sealed class RestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_AfterAStopOrACrash_KnowsAllThatWasAccepted(bool isStopped)
    {
        var data = Path.Combine(_folder.Path, "data");
        var found = isStopped ? data : Path.Combine(_folder.Path, "found");
        string before;
        await using (var exporter = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = data }))
        {
            await exporter.SendAsync(AgentEvents.Started("s", "j", -58).With(e => e.JobStarted.Job.CheckRunId = 1001));
            await exporter.TakesAsync(Payload.Job("queued", job => job["id"] = 1003), "queued");
            await exporter.TakesAsync(Payload.Job("in_progress"), "begun");
            await exporter.TakesAsync(Payload.Job("completed"), "over");
            before = await exporter.FleetTextAsync();
            if (!isStopped)
            {
                // What a crash leaves: the files as they are while it runs.
                Directory.CreateDirectory(found);
                foreach (var file in Directory.EnumerateFiles(data).Where(file => Path.GetFileName(file) != "lock"))
                {
                    File.Copy(file, Path.Combine(found, Path.GetFileName(file)));
                }
            }
        }

        await using var again = await RunningExporter.StartAsync(new ExporterOptions { WebhooksWithoutSecret = true, DataDirectory = found });
        Assert.Equal(before, await again.FleetTextAsync());
        await again.TakesAsync(Payload.Job("in_progress"), "begun");
        await again.TakesAsync(Payload.Job("completed"), "over-again");
        await again.SendAsync(AgentEvents.Completed("c", "j", -58, -9).With(e => e.JobCompleted.Job.CheckRunId = 1001));

        Assert.Equal("1", await again.SampleAsync("runner_metrics_events_total{source=\"webhook\",outcome=\"duplicate\"}"));
        Assert.Equal("1", await again.SampleAsync("github_runner_jobs_total{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\",status=\"success\"}"));
        Assert.Equal("1", await again.SampleAsync("github_runner_job_queue_duration_seconds_count{runner_name=\"r1\",runner_type=\"standard\",runner_scope=\"github.com/acme\"}"));
        Assert.Equal("1", await again.SampleAsync("github_workflow_jobs_queued{runner_type=\"standard\"}"));
    }
}
