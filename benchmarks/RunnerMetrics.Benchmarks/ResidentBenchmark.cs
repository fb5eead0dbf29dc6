using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// Memory and processor time of a published exporter with a fleet that works: each runner sends a heartbeat every 10 s and ends a job a minute,
/// Prometheus scrapes every 15 s with gzip.
/// </summary>
internal static class ResidentBenchmark
{
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(15);
    public static async Task<int> RunAsync(string program, int runners, TimeSpan length)
    {
        var data = Directory.CreateTempSubdirectory("runner-metrics-resident-");
        try
        {
            using var exporter = await ExporterProgram.StartAsync(program, data.FullName);
            using var channel = GrpcChannel.ForAddress(exporter.Collector);
            using var scraper = new HttpClient { BaseAddress = exporter.Http };
            scraper.DefaultRequestHeaders.AcceptEncoding.ParseAdd("gzip");
            Console.WriteLine($"empty: {exporter.ResidentMegabytes} MB");
            await RoundAsync(channel, runners, endJobs: true, withCaches: true);
            var sent = 0;
            var clock = Stopwatch.StartNew();
            var (nextHeartbeats, nextScrape, round) = (TimeSpan.Zero, TimeSpan.Zero, 0);
            var processorBefore = exporter.ProcessorTime;
            var most = 0L;
            while (clock.Elapsed < length)
            {
                if (clock.Elapsed >= nextHeartbeats)
                {
                    nextHeartbeats += HeartbeatInterval;
                    sent += await RoundAsync(channel, runners, endJobs: round++ % 6 == 0, withCaches: false);
                }

                if (clock.Elapsed >= nextScrape)
                {
                    nextScrape += ScrapeInterval;
                    _ = await scraper.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative));
                }

                most = Math.Max(most, exporter.ResidentMegabytes);
                await Task.Delay(TimeSpan.FromMilliseconds(500));
            }

            var processor = (exporter.ProcessorTime - processorBefore) / clock.Elapsed;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{runners} runners, {sent} events in {clock.Elapsed.TotalSeconds:F0} s: resident {exporter.ResidentMegabytes} MB, at most {most} MB; {processor:P2} of a core"));
            return 0;
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    // Every runner is its own agent: a call of its own.
    internal static async Task<int> RoundAsync(GrpcChannel channel, int runners, bool endJobs, bool withCaches)
    {
        var sent = 0;
        for (var i = 0; i < runners; i++)
        {
            var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
            var request = new ReportEventsRequest { SentAt = now };
            Event Make() => new()
            {
                EventId = Guid.NewGuid().ToString("n"),
                OccurredAt = now,
                Runner = new Runner { Name = $"runner-{i:D4}.ci.acme.example", Type = "standard", Version = "2.336.0", InstanceId = $"life-{i}", Scope = "github.com/acme" },
            };
            var heartbeat = Make();
            heartbeat.Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle };
            request.Events.Add(heartbeat);
            if (endJobs)
            {
                foreach (var conclusion in System.Enum.GetValues<JobCompleted.Types.Conclusion>().Where(c => c is not JobCompleted.Types.Conclusion.Unspecified))
                {
                    var job = Make();
                    job.JobCompleted = new JobCompleted
                    {
                        Job = new Job { JobKey = job.EventId, Repository = "acme/shop", Workflow = "CI", Name = "build", RunId = 1_000_000 + i, RunAttempt = 1, CheckRunId = 50_000_000 + i },
                        Conclusion = conclusion,
                        FailureReason = conclusion == JobCompleted.Types.Conclusion.Failed ? JobCompleted.Types.FailureReason.Job : default,
                        StartedAt = now,
                        CompletedAt = now,
                    };
                    request.Events.Add(job);
                }
            }

            foreach (var type in withCaches ? new[] { "npm", "apt", "buildkit" } : [])
            {
                var cache = Make();
                cache.Cache = new CacheReport { CacheType = type, Hits = 7, Misses = 3 };
                request.Events.Add(cache);
            }

            sent += request.Events.Count;
            await channel.ReportAsync(request);
        }

        return sent;
    }
}
