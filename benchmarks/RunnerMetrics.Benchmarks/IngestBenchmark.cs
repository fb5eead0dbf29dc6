using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Benchmarks;

/// <summary>Events a second over real gRPC from another process: batches from a few callers, and single events from many.</summary>
internal static class IngestBenchmark
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(5);
    private static readonly GrpcMethod<ReportEventsRequest, ReportEventsResponse> Method =
        new("runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);

    private static long _next;

    public static async Task<int> RunAsync()
    {
        var bytes = Path.Combine(Path.GetTempPath(), $"runner-metrics-bench-{Environment.ProcessId}.txt");
        try
        {
            using var server = BenchmarkServer.Spawn(runners: 100, bytes);
            var collector = new Uri((await server.AskAsync()).Split(' ')[3]);
            await MeasureAsync(collector, callers: 2, batch: 100, report: false);
            foreach (var (callers, batch) in new[] { (1, 1), (16, 1), (200, 1), (1, 100), (4, 100), (4, 1000) })
            {
                await MeasureAsync(collector, callers, batch, report: true);
            }

            return 0;
        }
        finally
        {
            File.Delete(bytes);
        }
    }

    private static async Task MeasureAsync(Uri collector, int callers, int batch, bool report)
    {
        using var channel = new GrpcChannel(collector);
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[callers];
        var accepted = 0L;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            latencies[caller] = [];
            while (clock.Elapsed < Length)
            {
                var request = Batch(batch);
                var start = clock.Elapsed;
                var response = await channel.CallAsync(Method, request, TimeSpan.FromSeconds(10), CancellationToken.None);
                latencies[caller].Add((clock.Elapsed - start).TotalMilliseconds);
                Interlocked.Add(ref accepted, response.Results.Count(result => result.Outcome == Outcome.Accepted));
            }
        })));
        if (report)
        {
            var sorted = latencies.SelectMany(l => l).Order().ToArray();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{callers,3} callers x {batch,4} events: {accepted / clock.Elapsed.TotalSeconds,8:F0} events/s, ack median {sorted[sorted.Length / 2]:F2} ms, p99 {sorted[sorted.Length * 99 / 100]:F2} ms"));
        }
    }

    private static ReportEventsRequest Batch(int size)
    {
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var request = new ReportEventsRequest { SentAt = now };
        for (var i = 0; i < size; i++)
        {
            var number = Interlocked.Increment(ref _next);
            var key = string.Create(CultureInfo.InvariantCulture, $"{number:x32}");
            request.Events.Add(new Event
            {
                EventId = key + "-completed",
                OccurredAt = now,
                Runner = new Runner { Name = $"bench-{number % 100}", Type = "standard", Version = "2.336.0", InstanceId = "life", Scope = "github.com/acme" },
                JobCompleted = new JobCompleted
                {
                    Job = new Job { JobKey = key, Repository = "acme/shop", Workflow = "CI", Name = "build", RunId = number, RunAttempt = 1, CheckRunId = number },
                    Conclusion = JobCompleted.Types.Conclusion.Success,
                    StartedAt = now,
                    CompletedAt = now,
                },
            });
        }

        return request;
    }
}
