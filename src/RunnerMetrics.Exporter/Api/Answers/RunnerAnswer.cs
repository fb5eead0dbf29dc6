using System.ComponentModel;
using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A runner. What is not known is absent.</summary>
internal sealed record RunnerAnswer
{
    [Description("Its name.")]
    public required string Name { get; init; }

    [Description("Its type.")]
    public required string Type { get; init; }

    [Description("Where it is registered: server and owner, or server and repository. Absent where it is not known.")]
    public string? Scope { get; init; }

    [Description("idle, busy, disconnected (its listener cannot reach GitHub), offline (silent or stopped), or unknown (only its jobs tell of it).")]
    public required string State { get; init; }

    [Description("Since when it is in that state; of a silent runner, when it was last heard.")]
    public DateTimeOffset? Since { get; init; }

    [Description("The Actions runner's version.")]
    public string? Version { get; init; }

    [Description("When its listener started.")]
    public DateTimeOffset? StartedAt { get; init; }

    [Description("When its agent was last heard.")]
    public DateTimeOffset? LastHeardAt { get; init; }

    [Description("Whether it takes one job and is gone.")]
    public required bool Ephemeral { get; init; }

    [Description("Whether an agent speaks for it, and not GitHub alone.")]
    public required bool Agent { get; init; }

    [Description("How many of its jobs have begun and have no end that anybody told.")]
    public required int OpenJobs { get; init; }

    [Description("The job that it runs, as its agent tells.")]
    public RunningJobAnswer? Job { get; init; }

    public static RunnerAnswer Of(RunnerSummary runner) => new()
    {
        Name = runner.Name,
        Type = runner.Type,
        Scope = KnownText.OrNull(runner.Scope),
        State = runner.State,
        Since = runner.Since,
        Version = KnownText.OrNull(runner.Version),
        StartedAt = runner.StartedAt,
        LastHeardAt = runner.LastHeard,
        Ephemeral = runner.IsEphemeral,
        Agent = runner.HasAgent,
        OpenJobs = runner.OpenJobs,
        Job = runner is { Job: { } job, JobStartedAt: { } startedAt } ? RunningJobAnswer.Of(job, startedAt) : null,
    };
}
