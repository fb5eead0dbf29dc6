using System.Globalization;

namespace RunnerMetrics.Benchmarks;

/// <summary>What a week of a fleet takes on Prometheus's disk, with and without the buckets of each runner: from blocks of minutes that are scraped every 15 s.</summary>
internal static class StorageBenchmark
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(int runners, TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-storage-");
        try
        {
            var end = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 7200 * 7200);
            await StoreAsync("every series", _ => false);
            await StoreAsync("without buckets of runners", name => name is "github_runner_job_duration_seconds_bucket" or "github_runner_job_queue_duration_seconds_bucket");
            return 0;

            async Task StoreAsync(string what, Func<string, bool> isDropped)
            {
                var blocks = Path.Combine(folder.FullName, what.Split(' ')[0]);
                var fleet = new FleetSamples(runners, Step) { IsDropped = isDropped };
                await fleet.StoreAsync(blocks, end - length, end - Step);
                var bytes = FleetSamples.BytesOf(blocks);
                var scrapes = length / Step;
                var week = bytes * (TimeSpan.FromDays(7) / length);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{runners} runners, {what}: {fleet.Samples / scrapes:F0} series, {fleet.Samples / 1e6:F1} million samples in {length.TotalMinutes:F0} minutes, {bytes / 1e6:F1} MB, {(double)bytes / fleet.Samples:F2} bytes a sample; a week: {fleet.Samples / scrapes * (TimeSpan.FromDays(7) / Step) / 1e6:F0} million samples, {week / 1e6:F0} MB"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
