using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Spool.V1;

namespace RunnerMetrics.Agent.Spool;

/// <summary>A place in the logs as it stands in a frame.</summary>
internal static class SpoolPlace
{
    // Lines without events are read again after a crash; so many bytes of them are not worth a write.
    private const long WorthNoting = 1024 * 1024;

    /// <summary>Whether a place is so far from the one that was noted last that it is noted though nothing happened between.</summary>
    public static bool IsFar(DiagCheckpoint place, DiagCheckpoint? noted) =>
        noted is null || IsFar(place.Listener, noted.Listener) || IsFar(place.Worker, noted.Worker);

    public static Place ToPlace(DiagCheckpoint place) => new()
    {
        Listener = new LogPlace { File = place.Listener.File, Offset = place.Listener.Offset },
        Worker = new LogPlace { File = place.Worker.File, Offset = place.Worker.Offset },
        Life = place.Life is null ? null : ToLife(place.Life),
    };

    public static DiagCheckpoint ToCheckpoint(Place place) => new(
        new LogPosition(place.Listener?.File ?? "", place.Listener?.Offset ?? 0),
        new LogPosition(place.Worker?.File ?? "", place.Worker?.Offset ?? 0),
        place.Life is null ? null : ToListenerLife(place.Life));

    private static bool IsFar(LogPosition place, LogPosition noted) =>
        place.File != noted.File || Math.Abs(place.Offset - noted.Offset) >= WorthNoting;

    private static Life ToLife(ListenerLife life) => new()
    {
        InstanceId = life.InstanceId,
        StartedAt = Timestamp.FromDateTimeOffset(life.StartedAt),
        Version = life.Version,
        Ephemeral = life.Ephemeral,
        Scope = life.Scope,
        Listened = life.Listened,
        Busy = life.Busy,
        DisconnectedUntil = life.DisconnectedUntil is { } until ? Timestamp.FromDateTimeOffset(until) : null,
        Stopped = life.Stopped,
    };

    private static ListenerLife ToListenerLife(Life life) => new()
    {
        InstanceId = life.InstanceId,
        StartedAt = life.StartedAt?.ToDateTimeOffset() ?? default,
        Version = life.Version,
        Ephemeral = life.Ephemeral,
        Scope = life.Scope,
        Listened = life.Listened,
        Busy = life.Busy,
        DisconnectedUntil = life.DisconnectedUntil?.ToDateTimeOffset(),
        Stopped = life.Stopped,
    };
}
