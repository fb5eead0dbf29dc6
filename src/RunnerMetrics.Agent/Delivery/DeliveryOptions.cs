namespace RunnerMetrics.Agent.Delivery;

/// <summary>How events are delivered.</summary>
internal sealed record DeliveryOptions
{
    /// <summary>Events that are not settled yet; past it, the logs wait.</summary>
    public int Capacity { get; init; } = 10_000;

    public int BatchSize { get; init; } = 500;

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries where somebody has to mend something first.</summary>
    public TimeSpan SlowRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long <c>--once</c> gives up.</summary>
    public TimeSpan GiveUpOnce { get; init; } = TimeSpan.FromSeconds(15);
}
