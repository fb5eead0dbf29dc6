using System.Globalization;

namespace RunnerMetrics.Domain.Events;

/// <summary>A runner is forgotten: the watch's decision, if it has been gone for longer than its series are kept, or a person's request.</summary>
/// <param name="EventId">See <see cref="FleetEvent"/>.</param>
/// <param name="OccurredAt">When it was decided.</param>
/// <param name="RunnerName">The runner's name.</param>
/// <param name="RunnerType">The runner's type.</param>
public sealed record RunnerForgotten(string EventId, DateTimeOffset OccurredAt, string RunnerName, string RunnerType)
    : FleetEvent(EventId, OccurredAt)
{
    /// <summary>The scope of the runner; empty if it is not known.</summary>
    public string RunnerScope { get; init; } = "";

    /// <summary>When it was decided, in the fleet's observed time: it does not apply to a runner that reported since then.</summary>
    public TimeSpan Observed { get; init; }

    /// <summary>The event of a moment.</summary>
    /// <param name="scope">The runner's scope; empty if it is not known.</param>
    /// <param name="type">Its type.</param>
    /// <param name="name">Its name.</param>
    /// <param name="at">When it was decided.</param>
    /// <param name="observed">The same in the fleet's observed time.</param>
    public static RunnerForgotten Of(string scope, string type, string name, DateTimeOffset at, TimeSpan observed) =>
        new(string.Create(CultureInfo.InvariantCulture, $"forgotten:{scope}:{type}:{at.UtcTicks}:{name}"), at, name, type) { RunnerScope = scope, Observed = observed };
}
