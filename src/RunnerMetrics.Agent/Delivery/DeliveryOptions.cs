namespace RunnerMetrics.Agent.Delivery;

/// <summary>How events are delivered.</summary>
internal sealed record DeliveryOptions
{
    public int BatchSize { get; init; } = 500;

    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestRetry { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two tries of events that the collector took but did not settle, when it has not for long.</summary>
    public TimeSpan LongestKeptRetry { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Between two tries where somebody has to mend something first.</summary>
    public TimeSpan SlowRetry { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long <c>--once</c> gives up.</summary>
    public TimeSpan GiveUpOnce { get; init; } = TimeSpan.FromSeconds(15);
}
