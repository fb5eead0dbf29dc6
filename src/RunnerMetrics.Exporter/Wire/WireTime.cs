using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Exporter.Wire;

/// <summary>A time on the wire that may be missing, or none at all.</summary>
internal static class WireTime
{
    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads a time; false if it is missing or is no time that a calendar knows (google/protobuf/timestamp.proto).</summary>
    public static bool TryRead([NotNullWhen(true)] Timestamp? wire, out DateTimeOffset time)
    {
        time = default;
        if (wire is null || wire.Seconds < FirstSecond || wire.Seconds > LastSecond || wire.Nanos is < 0 or > 999_999_999)
        {
            return false;
        }

        time = DateTimeOffset.FromUnixTimeSeconds(wire.Seconds).AddTicks(wire.Nanos / 100);
        return true;
    }

    /// <summary>A time; null if it is missing or is none.</summary>
    public static DateTimeOffset? Read(Timestamp? wire) => TryRead(wire, out var time) ? time : null;

    /// <summary>The event with its sender's clock put right: a copy, unless nothing must be shifted.</summary>
    public static Event Shifted(Event wire, TimeSpan shift)
    {
        if (shift == TimeSpan.Zero)
        {
            return wire;
        }

        var shifted = wire.Clone();
        Shift(shifted.OccurredAt, shift);
        Shift(shifted.JobCompleted?.StartedAt, shift);
        Shift(shifted.JobCompleted?.CompletedAt, shift);
        Shift(shifted.JobCompleted?.StepsStartedAt, shift);
        Shift(shifted.Deployment?.FinishedAt, shift);
        Shift(shifted.Incident?.OpenedAt, shift);
        Shift(shifted.Incident?.ResolvedAt, shift);
        return shifted;
    }

    private static void Shift(Timestamp? wire, TimeSpan shift)
    {
        if (TryRead(wire, out var time))
        {
            var right = Timestamp.FromDateTimeOffset(Shift(time, shift));
            (wire.Seconds, wire.Nanos) = (right.Seconds, right.Nanos);
        }
    }

    /// <summary>A time put right, within what a calendar knows.</summary>
    public static DateTimeOffset Shift(DateTimeOffset time, TimeSpan shift) =>
        new(Math.Clamp(time.UtcTicks + shift.Ticks, DateTimeOffset.MinValue.UtcTicks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
}
