using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>An exporter with a history in a folder of the test's own, and what agents report to it.</summary>
internal sealed class ApiFleet(TemporaryFolder folder, RunningExporter exporter) : IAsyncDisposable
{
    private int _events;

    public RunningExporter Exporter => exporter;

    public static async Task<ApiFleet> StartAsync(ExporterOptions? options = null)
    {
        var folder = new TemporaryFolder();
        return new ApiFleet(folder, await RunningExporter.StartAsync((options ?? new ExporterOptions { WebhooksWithoutSecret = true }) with { DataDirectory = folder.Path }));
    }

    /// <summary>Jobs 1 to <paramref name="count"/>, each a minute before the one before it: each third failed, each fourth on a chrome runner, and each fifth in a nightly workflow.</summary>
    public Task RunJobsAsync(int count) => SendAsync([.. Enumerable.Range(1, count).Select(number => Job(
        number, number % 3 == 0 ? Conclusion.Failed : Conclusion.Success, number % 4 == 0 ? AgentEvents.Runner("c1", "chrome") : AgentEvents.Runner(),
        number % 5 == 0 ? "Nightly" : "CI", number % 2 == 0 ? FailureReason.Runner : FailureReason.Job))]);

    public async Task SendAsync(params Event[] events)
    {
        foreach (var result in await exporter.SendAsync(events))
        {
            Assert.True(result.Outcome == EventResult.Types.Outcome.Accepted, result.ToString());
        }
    }

    /// <summary>A job that took 45 seconds, 5 of them for its set-up.</summary>
    public Event Job(int number, Conclusion conclusion = Conclusion.Success, Runner? runner = null, string workflow = "CI", FailureReason reason = FailureReason.Job)
    {
        var completed = AgentEvents.Completed(Id(), $"job-{number}", -60 * number, (-60 * number) + 45, conclusion, runner);
        var (job, ended) = (completed.JobCompleted.Job, completed.JobCompleted);
        (job.Name, job.RunId, job.Workflow) = ($"job {number}", number, workflow);
        ended.StepsStartedAt = Timestamp.FromDateTimeOffset(AgentEvents.Now.AddSeconds((-60 * number) + 5));
        ended.FailureReason = conclusion == Conclusion.Failed ? reason : FailureReason.Unspecified;
        return completed;
    }

    public Event Started(int number, double at = -30, Runner? runner = null) => AgentEvents.Started(Id(), $"job-{number}", at).With(started =>
    {
        started.Runner = runner ?? started.Runner;
        (started.JobStarted.Job.Name, started.JobStarted.Job.RunId) = ($"job {number}", number);
    });

    public string Id() => string.Create(CultureInfo.InvariantCulture, $"api-{++_events}");

    public async ValueTask DisposeAsync()
    {
        await exporter.DisposeAsync();
        folder.Dispose();
    }
}
