using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Spool.V1;
using Place = RunnerMetrics.Agent.Spool.V1.Place;

namespace RunnerMetrics.Agent.Spool;

/// <summary>A place in the logs as it is in a frame.</summary>
internal static class SpoolPlace
{
    // Lines without events are read again after a crash; so many bytes of them are not worth a write.
    private const long WorthNoting = 1024 * 1024;

    /// <summary>Whether a place is so far from the one that was noted last that it is noted though nothing happened between.</summary>
    public static bool IsFar(DiagCheckpoint place, DiagCheckpoint? noted) =>
        noted is null || place.Machine != noted.Machine || place.Logs.Count != noted.Logs.Count || place.Done.Count != noted.Done.Count
        || place.Logs.Zip(noted.Logs).Any(both => IsFar(both.First, both.Second));

    public static Place ToPlace(DiagCheckpoint place)
    {
        var written = new Place { Boot = place.Machine.Boot, Container = place.Machine.Container };
        written.Logs.AddRange(place.Logs.Select(ToListener));
        written.Done.AddRange(place.Done);
        return written;
    }

    public static DiagCheckpoint ToCheckpoint(Place place) =>
        new([.. place.Logs.Select(ToListenerPlace)], [.. place.Done], new Machine(place.Boot, place.Container));

    private static bool IsFar(Diagnostics.ListenerPlace place, Diagnostics.ListenerPlace noted) =>
        place.At.File != noted.At.File || Math.Abs(place.At.Offset - noted.At.Offset) >= WorthNoting || place.WasHeld != noted.WasHeld
        || place.Life?.InstanceId != noted.Life?.InstanceId || place.Life?.Listened != noted.Life?.Listened || place.Life?.Stopped != noted.Life?.Stopped;

    private static V1.ListenerPlace ToListener(Diagnostics.ListenerPlace place) => new()
    {
        At = new LogPlace { File = place.At.File, Offset = place.At.Offset },
        Life = place.Life is null ? null : ToLife(place.Life),
        LastLineAt = place.LastLineAt is { } at ? Timestamp.FromDateTimeOffset(at) : null,
        WasHeld = place.WasHeld,
    };

    private static Diagnostics.ListenerPlace ToListenerPlace(V1.ListenerPlace place) => new(
        new LogPosition(place.At?.File ?? "", place.At?.Offset ?? 0),
        place.Life is null ? null : ToListenerLife(place.Life),
        place.LastLineAt?.ToDateTimeOffset(),
        place.WasHeld);

    private static Life ToLife(ListenerLife life) => new()
    {
        InstanceId = life.InstanceId,
        StartedAt = Timestamp.FromDateTimeOffset(life.StartedAt),
        Version = life.Version,
        Ephemeral = life.Ephemeral,
        Scope = life.Scope,
        RunnerName = life.Name,
        RunnerId = life.RunnerId,
        Listened = life.Listened,
        Tried = life.Tried,
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
        Name = life.RunnerName,
        RunnerId = life.RunnerId,
        Listened = life.Listened,
        Tried = life.Tried,
        Busy = life.Busy,
        DisconnectedUntil = life.DisconnectedUntil?.ToDateTimeOffset(),
        Stopped = life.Stopped,
    };
}
