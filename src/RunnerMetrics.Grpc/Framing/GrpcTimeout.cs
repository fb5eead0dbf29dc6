using System.Globalization;

namespace RunnerMetrics.Grpc;

/// <summary>The <c>grpc-timeout</c> header: 1 to 8 digits and a unit, e.g. <c>5S</c>, <c>4980m</c>, <c>99999999n</c>.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;

    /// <summary>What a timer takes at most, about 49 days; nobody waits longer for an answer.</summary>
    public static readonly TimeSpan LongestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static bool TryParse(ReadOnlySpan<char> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(value[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number))
        {
            return false;
        }

        long ticks = value[^1] switch
        {
            'H' => number * TimeSpan.TicksPerHour,
            'M' => number * TimeSpan.TicksPerMinute,
            'S' => number * TimeSpan.TicksPerSecond,
            'm' => number * TimeSpan.TicksPerMillisecond,
            'u' => number * TimeSpan.TicksPerMicrosecond,
            // A tick is 100 ns; rounded up, so that a short time-out is not none.
            'n' => (number + TimeSpan.NanosecondsPerTick - 1) / TimeSpan.NanosecondsPerTick,
            _ => -1,
        };
        timeout = TimeSpan.FromTicks(Math.Max(ticks, 0));
        return ticks >= 0;
    }

    /// <summary>Writes a positive time-out in the finest unit that 8 digits hold, rounded up: the server never gives up before the client.</summary>
    public static string Format(TimeSpan timeout)
    {
        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'),
            (TimeSpan.TicksPerMillisecond, 'm'),
            (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach ((long ticks, char unit) in units)
        {
            long number = DivideUp(timeout.Ticks, ticks);
            if (number <= MaxValue)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Math.Min(DivideUp(timeout.Ticks, TimeSpan.TicksPerHour), MaxValue)}H");
    }

    private static long DivideUp(long value, long unit) => (value / unit) + (value % unit == 0 ? 0 : 1);
}
