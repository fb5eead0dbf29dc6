namespace RunnerMetrics.Testing;

/// <summary>
/// Proofs by repetition: a hundred kills, months of samples. By default a test does a slice of them, always the same one; all of it where RUNNER_METRICS_LONG=1 is set, as
/// <c>./test.sh --long</c> does.
/// </summary>
public static class LongProof
{
    public static bool IsWhole { get; } = Environment.GetEnvironmentVariable("RUNNER_METRICS_LONG") == "1";

    /// <summary>How often, or how much.</summary>
    /// <param name="slice">By default.</param>
    /// <param name="whole">With <c>--long</c>.</param>
    public static int Of(int slice, int whole) => IsWhole ? whole : slice;
}
