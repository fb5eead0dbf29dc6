namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>What goes wrong with requests, by script.</summary>
/// <param name="Kind">What.</param>
/// <param name="PathPrefix">With which: those whose path begins so; empty: all.</param>
/// <param name="Times">How often; then it is over.</param>
public sealed record FakeFault(FakeFaultKind Kind, string PathPrefix = "", int Times = int.MaxValue)
{
    /// <summary>With <see cref="FakeFaultKind.SecondaryLimit"/>: what <c>Retry-After</c> says.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With <see cref="FakeFaultKind.Slow"/>: until the answer goes on; it never does where this is null.</summary>
    public Task? Until { get; init; }
}
