using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>A runner of the simulated day.</summary>
internal sealed class DayRunner(string name, string type, DateTimeOffset startedAt)
{
    public string Name => name;

    public string Type => type;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Whether it takes one job and exits.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>From when on nothing is reported about it.</summary>
    public DateTimeOffset DiesAt { get; set; } = DateTimeOffset.MaxValue;

    public DateTimeOffset FreeSince { get; set; } = startedAt;

    public DayJob? Job { get; set; }

    public Runner Wire() => new() { Name = name, Type = type, Version = "2.336.0", Ephemeral = IsEphemeral, InstanceId = $"{name}-1", Scope = "github.com/acme" };
}
