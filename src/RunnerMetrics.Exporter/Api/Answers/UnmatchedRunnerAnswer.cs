using System.ComponentModel;
using System.Text.Json.Serialization;

namespace RunnerMetrics.Exporter.Api.Answers;

/// <summary>A runner that GitHub and its agent see differently.</summary>
internal sealed record UnmatchedRunnerAnswer
{
    [Description("github (registered, and without an agent), agent (an agent speaks for it, and it is not registered) or disagreement (their states differ).")]
    public required string Side { get; init; }

    [Description("The runner's name.")]
    public required string Name { get; init; }

    [Description("Where it is, or would be, registered.")]
    public required string Scope { get; init; }

    [Description("What GitHub says: idle, busy or offline; absent where it is not registered.")]
    [JsonPropertyName("github")]
    public string? GitHub { get; init; }

    [Description("What its agent says: idle, busy, disconnected, offline or refused; absent where there is none.")]
    public string? Agent { get; init; }

    [Description("Since when, as far as the exporter has seen it.")]
    public required DateTimeOffset Since { get; init; }
}
