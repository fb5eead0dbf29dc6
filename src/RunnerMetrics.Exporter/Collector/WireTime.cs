using System.Diagnostics.CodeAnalysis;
using Google.Protobuf.WellKnownTypes;

namespace RunnerMetrics.Exporter.Collector;

/// <summary>A time on the wire that may be missing, or none at all.</summary>
internal static class WireTime
{
    private static readonly long FirstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    /// <summary>Reads a time; false where it is missing or is no time that a calendar knows (google/protobuf/timestamp.proto).</summary>
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
}
