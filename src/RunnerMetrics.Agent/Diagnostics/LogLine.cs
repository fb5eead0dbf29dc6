using System.Globalization;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The first line of a message in a runner's log, as actions/runner's HostTraceListener.cs writes it. A real one:
/// <c>[2026-11-21 00:22:47Z ERR  HostContext] Fail to extract OrchestrationId from runner JWT claims</c>.
/// Lines without that prefix continue the message before them.
/// </summary>
internal readonly ref struct LogLine
{
    // "[2026-11-21 00:22:47Z INFO "
    private const int ComponentAt = 27;

    private LogLine(ReadOnlySpan<byte> time, ReadOnlySpan<byte> component, ReadOnlySpan<byte> text)
    {
        TimeText = time;
        Component = component;
        Text = text;
    }

    public ReadOnlySpan<byte> Component { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>When the line was written: UTC, to the second.</summary>
    public DateTimeOffset Time => ParseTime(TimeText);

    private ReadOnlySpan<byte> TimeText { get; }

    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        if (line.Length <= ComponentAt || line[0] != '[' || line[5] != '-' || line[8] != '-' || line[11] != ' ' || line[14] != ':'
            || line[17] != ':' || line[20] != 'Z' || line[21] != ' ' || line[ComponentAt - 1] != ' ')
        {
            return false;
        }

        var rest = line[ComponentAt..];
        var end = rest.IndexOf((byte)']');
        if (end < 0)
        {
            return false;
        }

        var time = line[1..20];
        if (ParseTime(time) == default)
        {
            return false;
        }

        var text = rest[(end + 1)..];
        parsed = new LogLine(time, rest[..end], text is [(byte)' ', ..] ? text[1..] : text);
        return true;
    }

    private static DateTimeOffset ParseTime(ReadOnlySpan<byte> text)
    {
        var valid = Number(text[..4], out var year) & Number(text[5..7], out var month) & Number(text[8..10], out var day)
            & Number(text[11..13], out var hour) & Number(text[14..16], out var minute) & Number(text[17..19], out var second);
        return valid && year > 0 && month is > 0 and <= 12 && day > 0 && day <= CultureInfo.InvariantCulture.Calendar.GetDaysInMonth(year, month)
            && hour < 24 && minute < 60 && second < 60
            ? new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero)
            : default;
    }

    private static bool Number(ReadOnlySpan<byte> digits, out int value)
    {
        value = 0;
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
