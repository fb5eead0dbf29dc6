namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A webhook whose deliveries are looked at, and what is known of them.</summary>
/// <param name="Path">Where they are listed: <c>/app/hook/deliveries</c>, <c>/orgs/acme/hooks/1/deliveries</c>.</param>
/// <param name="IsApps">Whether the App itself has to ask.</param>
internal sealed record DeliverySource(string Path, bool IsApps)
{
    /// <summary>What was not answered well yet, by its GUID.</summary>
    public Dictionary<string, MissedDelivery> Missed { get; } = new(StringComparer.Ordinal);

    /// <summary>Up to which moment everything was looked at.</summary>
    public DateTimeOffset? LookedAtUntil { get; set; }
}
