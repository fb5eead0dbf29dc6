using System.Globalization;

namespace RunnerMetrics.Benchmarks;

/// <summary>How fast events were acknowledged.</summary>
internal sealed record LoadResult(int Callers, int Batch, double EventsPerSecond, double MedianMilliseconds, double P99Milliseconds)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Callers,3} callers x {Batch,4} events: {EventsPerSecond,8:F0} events/s, ack median {MedianMilliseconds:F2} ms, p99 {P99Milliseconds:F2} ms");
}
