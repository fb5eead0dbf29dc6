using System.Security.Cryptography;
using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Demo.Summary;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.Demo.Running;

/// <summary>The demo from its start to its comparison: exporter, agents and runners start in that order and stop in the other.</summary>
internal sealed class DemoRun(DemoOptions options, ILoggerFactory agentLoggers, TextWriter output)
{
    private static readonly TimeSpan LastDelivery = TimeSpan.FromSeconds(15);

    /// <summary>Runs it.</summary>
    /// <returns>0, or 1 where <c>/metrics</c> counted other jobs than the runners ran.</returns>
    /// <exception cref="IOException">The exporter could not start, or the temporary folder not be written.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        using var folder = new TemporaryFolder();
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var secretFile = Path.Combine(folder.Path, "webhook-secret");
        await File.WriteAllTextAsync(secretFile, secret, stop);
        await using var gitHub = await DemoGitHub.StartAsync(options, folder.Path, secret);
        await using var exporter = DemoExporter.Build(options, Path.Combine(folder.Path, "exporter"), secretFile, gitHub.Access);
        await exporter.StartAsync(stop);
        Welcome();
        using var scraper = new Scraper(options.HttpPort);
        await using var webhooks = new WebhookSender(gitHub.Hook, TimeProvider.System)
        {
            OnNotTaken = problem => output.WriteLine($"A webhook was not accepted: {problem}"),
        };
        await using var reports = new DemoReports(options.GrpcPort, output);
        var pipeline = new SimulatedPipeline(webhooks.Send) { OnReport = reports.Report };
        DemoRunner[] runners = [.. LocalFleet.Runners.Select(runner => new DemoRunner(runner, folder.Path, options, Tell))];
        using var stopAgents = new CancellationTokenSource();
        using var stopRunners = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var agents = Task.WhenAll(runners.Select(runner => runner.RunAgentAsync(agentLoggers, stopAgents.Token)));
        var running = Task.WhenAll(runners.Select(runner => Task.Run(() => runner.RunAsync(stopRunners.Token), CancellationToken.None)));
        if (options.Duration is { } duration)
        {
            stopRunners.CancelAfter(duration);
        }

        // If a runner fails, for example because of a full disk, there is nothing more to show.
        _ = running.ContinueWith(_ => stopRunners.Cancel(), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        await LiveSummary.ShowAsync(scraper, runners, output, stopRunners.Token);
        await running;
        await webhooks.DisposeAsync();
        await reports.DisposeAsync();
        var comparison = await CompareAsync(scraper, runners, pipeline);
        await stopAgents.CancelAsync();
        await agents;
        await exporter.StopAsync(CancellationToken.None);
        comparison.Write(output);
        return comparison.Agrees ? 0 : 1;

        void Tell(WorkflowJobNews news)
        {
            gitHub.Note(news);
            webhooks.Send(news);
            if (news.CompletedAt is not null)
            {
                webhooks.Send("workflow_run", WorkflowRunPayload.Of(news));
            }

            pipeline.Follow(news);
        }
    }

    /// <summary>Gives the agents the time to deliver the runners' last lines.</summary>
    private static async Task<Comparison> CompareAsync(Scraper scraper, DemoRunner[] runners, SimulatedPipeline pipeline)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var comparison = new Comparison(runners, pipeline, await scraper.ScrapeAsync(CancellationToken.None));
            if (comparison.Agrees || TimeProvider.System.GetElapsedTime(deadline) > LastDelivery)
            {
                return comparison;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        }
    }

    private void Welcome()
    {
        output.WriteLine($"Live page: http://127.0.0.1:{options.HttpPort}/");
        output.WriteLine($"An exporter, three simulated runners with real agents, and a simulated GitHub with webhooks and API; jobs are {options.Speed:0.##} times faster than real ones.");
        output.WriteLine($"Metrics:  http://127.0.0.1:{options.HttpPort}/metrics");
        output.WriteLine("To scrape them, add these lines to prometheus.yml:");
        output.WriteLine("  scrape_configs:");
        output.WriteLine("    - job_name: runner-metrics");
        output.WriteLine($"      static_configs: [{{ targets: ['127.0.0.1:{options.HttpPort}'] }}]");
        output.WriteLine(options.Duration is { } duration ? $"Stops after {DurationText.Format(duration)}, or with Ctrl-C." : "Stop with Ctrl-C.");
        output.WriteLine();
    }
}
