using System.ComponentModel;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>How many runners GitHub lists in one scope.</summary>
internal sealed record RegisteredRunnersAnswer
{
    [Description("The scope: server and owner, or server and repository.")]
    public required string Scope { get; init; }

    [Description("Runners that are registered.")]
    public required int Registered { get; init; }

    [Description("Those that GitHub sees.")]
    public required int Online { get; init; }

    [Description("Those of them that run a job.")]
    public required int Busy { get; init; }

    [Description("When they were listed.")]
    public required DateTimeOffset ListedAt { get; init; }
}
