using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>One life of a runner's listener process, as far as its log has told.</summary>
internal sealed record ListenerLife
{
    /// <summary>The same whenever the log is read again: made from the runner's name and the place and time of the life's first word.</summary>
    public required string InstanceId { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public string Version { get; init; } = "";

    public bool Ephemeral { get; init; }

    /// <summary>Where the runner is registered, e.g. <c>github.com/acme/shop</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>Whether it came as far as listening for jobs: a listener that only configures or answers a question never does.</summary>
    public bool Listened { get; init; }

    /// <summary>Whether it tried to, and could not yet.</summary>
    public bool Tried { get; init; }

    public bool Busy { get; init; }

    /// <summary>Until when it counts as cut off from GitHub, unless it says otherwise before; <see cref="DateTimeOffset.MaxValue"/>: until it does.</summary>
    public DateTimeOffset? DisconnectedUntil { get; init; }

    public bool Stopped { get; init; }

    public static ListenerLife Begin(string runnerName, LogPosition place, DateTimeOffset startedAt, string version)
    {
        var identity = string.Create(CultureInfo.InvariantCulture, $"{runnerName}\n{place.File}\n{place.Offset}\n{startedAt.ToUnixTimeSeconds()}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        return new ListenerLife { InstanceId = Convert.ToHexStringLower(hash.AsSpan(0, 16)), StartedAt = startedAt, Version = version };
    }
}
