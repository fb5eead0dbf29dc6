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

    // Real clocks are within this range, and calculations from it stay within the calendar.
    private const int FirstYear = 1970;
    private const int LastYear = 9998;

    private LogLine(DateTimeOffset time, ReadOnlySpan<byte> component, ReadOnlySpan<byte> text)
    {
        Time = time;
        Component = component;
        Text = text;
    }

    public ReadOnlySpan<byte> Component { get; }

    public ReadOnlySpan<byte> Text { get; }

    /// <summary>When the line was written: UTC, to the second.</summary>
    public DateTimeOffset Time { get; }

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

        if (!TryParseTime(line[1..20], out var time))
        {
            return false;
        }

        var text = rest[(end + 1)..];
        parsed = new LogLine(time, rest[..end], text is [(byte)' ', ..] ? text[1..] : text);
        return true;
    }

    // 2026-11-21 00:22:47
    private static bool TryParseTime(ReadOnlySpan<byte> text, out DateTimeOffset time)
    {
        var (century, ofCentury, month, day) = (Two(text, 0), Two(text, 2), Two(text, 5), Two(text, 8));
        var year = (century * 100) + ofCentury;
        var (hour, minute, second) = (Two(text, 11), Two(text, 14), Two(text, 17));
        if ((century | ofCentury | month | day | hour | minute | second) < 0 || year is < FirstYear or > LastYear || month is 0 or > 12
            || day == 0 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
        {
            time = default;
            return false;
        }

        time = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero);
        return true;
    }

    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        var (tens, ones) = (text[at] - '0', text[at + 1] - '0');
        return tens is >= 0 and <= 9 && ones is >= 0 and <= 9 ? (tens * 10) + ones : -1;
    }
}
