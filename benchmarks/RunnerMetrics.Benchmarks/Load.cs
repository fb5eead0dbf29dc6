using System.Diagnostics;
using Grpc.Net.Client;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Benchmarks;

/// <summary>Callers that each send their batches one after another, for some time.</summary>
internal static class Load
{
    public static async Task<LoadResult> RunAsync(Uri collector, int callers, int batch, TimeSpan length)
    {
        using var channel = GrpcChannel.ForAddress(collector);
        var clock = Stopwatch.StartNew();
        var latencies = new List<double>[callers];
        var accepted = 0L;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            latencies[caller] = [];
            var batches = new EventBatches();
            while (clock.Elapsed < length)
            {
                var request = batches.Next(batch);
                var start = clock.Elapsed;
                var response = await channel.ReportAsync(request);
                latencies[caller].Add((clock.Elapsed - start).TotalMilliseconds);
                Interlocked.Add(ref accepted, response.Results.Count(result => result.Outcome == Outcome.Accepted));
            }
        })));
        var sorted = latencies.SelectMany(l => l).Order().ToArray();
        return new LoadResult(callers, batch, accepted / clock.Elapsed.TotalSeconds, sorted[sorted.Length / 2], sorted[sorted.Length * 99 / 100]);
    }
}
