namespace RunnerMetrics.Agent.Delivery;

/// <summary>How events are delivered.</summary>
internal sealed record DeliveryOptions
{
    public int BatchSize { get; init; } = 500;

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two attempts for events that the collector accepted but did not settle for a long time.</summary>
    public TimeSpan LongestKeptRetry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Between two attempts if somebody must fix something first.</summary>
    public TimeSpan SlowRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Time-out of <c>--once</c>.</summary>
    public TimeSpan GiveUpOnce { get; init; } = TimeSpan.FromSeconds(15);
}
