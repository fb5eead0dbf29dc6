using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>One life of a runner's listener process, as far as its log is read.</summary>
internal sealed record ListenerLife
{
    /// <summary>The same whenever the log is read again: made from the place and time of the process's first line, and the runner's identity.</summary>
    public required string InstanceId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string Version { get; init; } = "";

    public bool Ephemeral { get; init; }

    /// <summary>The runner's name, by its own settings; empty until they are read, and if they do not have it.</summary>
    public string Name { get; init; } = "";

    /// <summary>GitHub's id of the runner; 0 if it is not known.</summary>
    public long RunnerId { get; init; }

    /// <summary>Where the runner is registered, e.g. <c>github.com/acme/shop</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Whether it has listened for jobs: a process that only configures or answers a query never does.</summary>
    public bool Listened { get; init; }

    /// <summary>Whether it tried to, and could not yet.</summary>
    public bool Tried { get; init; }

    public bool Busy { get; init; }

    /// <summary>Until when it counts as disconnected from GitHub, unless its log shows otherwise before; <see cref="DateTimeOffset.MaxValue"/>: until it does.</summary>
    public DateTimeOffset? DisconnectedUntil { get; init; }

    public bool Stopped { get; init; }

    public static ListenerLife Begin(LogPosition place, DateTimeOffset startedAt, string version) => new()
    {
        InstanceId = Hash(string.Create(CultureInfo.InvariantCulture, $"{place.File}\n{place.Offset}\n{startedAt.ToUnixTimeSeconds()}")),
        StartedAt = startedAt,
        Version = version,
    };

    /// <summary>The same life, once its runner is known: two runners may write logs with the same name, which begin in one second.</summary>
    public ListenerLife OfItsRunner() => this with { InstanceId = Hash($"{InstanceId}\n{Name}\n{Scope}") };

    private static string Hash(string identity) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)).AsSpan(0, 16));
}
