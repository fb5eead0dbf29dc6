using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Tests.Delivery;

/// <summary>A reverse proxy that nobody here wrote stands between agents and exporter, and ends their connections all the time.</summary>
public class BehindNginxTests
{
    private const int Senders = 4;
    private const int JobsEach = 500;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Deliver_TwoThousandJobsOverShortConnections_CountsEachOnceAndHeartbeatsStay()
    {
        await using var exporter = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0 }, configure: builder => builder.Logging.ClearProviders());
        await exporter.StartAsync(Cancelled);
        var urls = exporter.Urls.Select(url => new Uri(url)).ToArray();
        await using var nginx = await Nginx.StartAsync(urls[1]);

        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => SendAsync(nginx.Address, $"runner-{sender}")));

        using var http = new PatientHttpClient { BaseAddress = urls[0] };
        var lines = (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled)).Split('\n');
        for (var sender = 0; sender < Senders; sender++)
        {
            var runner = $"runner_name=\"runner-{sender}\",runner_type=\"standard\"";
            Assert.Contains($"github_runner_jobs_total{{{runner},status=\"success\"}} {JobsEach}", lines);
            Assert.Contains($"github_runner_status{{{runner}}} 1", lines);
        }

        Assert.InRange(nginx.CountConnections(), Senders * JobsEach / 3, int.MaxValue);
    }

    // As the deliverer does: a batch is sent until it is settled.
    private static async Task SendAsync(Uri collector, string name)
    {
        using var sender = new GrpcEventSender(collector, null, TimeProvider.System, Timeout.InfiniteTimeSpan);
        var begin = TimeProvider.System.GetUtcNow();
        for (var job = 1; job <= JobsEach; job++)
        {
            await UntilTakenAsync(sender, name, new Event
            {
                EventId = $"{name}-{job}",
                Sequence = (ulong)job,
                JobCompleted = new JobCompleted
                {
                    Job = new Job { JobKey = $"{name}-{job}", JobId = "j", Name = "build" },
                    Conclusion = JobCompleted.Types.Conclusion.Success,
                    StartedAt = begin.ToTimestamp(),
                    CompletedAt = begin.ToTimestamp(),
                },
            });
            if (job % 50 == 0)
            {
                await UntilTakenAsync(sender, "", new Event
                {
                    EventId = string.Create(CultureInfo.InvariantCulture, $"{name}-beat-{job}"),
                    Runner = new Runner { Name = name },
                    Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle, StartedAt = begin.ToTimestamp() },
                });
            }
        }
    }

    private static async Task UntilTakenAsync(GrpcEventSender sender, string id, Event happened)
    {
        var now = TimeProvider.System.GetUtcNow().ToTimestamp();
        happened.OccurredAt = now;
        happened.Runner = new Runner { Name = happened.Runner?.Name ?? id, Type = "standard", Version = "2.336.0", InstanceId = "life" };
        while (true)
        {
            try
            {
                var answer = await sender.SendAsync(new ReportEventsRequest { SenderId = id, SentAt = now, Events = { happened } }, Cancelled);
                Assert.True(Assert.Single(answer.Results).Outcome is Outcome.Accepted or Outcome.Duplicate, answer.ToString());
                return;
            }
            catch (DeliveryException failure) when (failure.Problem == DeliveryProblem.Unavailable)
            {
                // The connection ended under the call.
            }
        }
    }
}
