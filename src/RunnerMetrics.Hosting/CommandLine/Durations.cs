using System.Globalization;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Durations as people write them: <c>30s</c>, <c>1.5h</c>, <c>7d</c>.</summary>
public static class Durations
{
    private const string HelpName = "DURATION";
    private const string Off = "off";

    /// <summary>Up to here people count hours: 24h, 48h.</summary>
    private static readonly TimeSpan FewDays = TimeSpan.FromDays(3);

    private static readonly (char Letter, TimeSpan Length)[] Units =
        [('d', TimeSpan.FromDays(1)), ('h', TimeSpan.FromHours(1)), ('m', TimeSpan.FromMinutes(1)), ('s', TimeSpan.FromSeconds(1))];

    /// <summary>Any duration from 0.</summary>
    public static ValueKind<TimeSpan> Any { get; } = new(HelpName, Parse, Format);

    /// <summary>Any duration from 0, or <c>off</c>: null.</summary>
    public static ValueKind<TimeSpan?> OrOff { get; } = new(
        HelpName, static text => text == Off ? (null, null) : Parse(text), static duration => duration is { } given ? Format(given) : Off);

    /// <summary>A duration within bounds, both of them included.</summary>
    /// <param name="least">The shortest.</param>
    /// <param name="most">The longest.</param>
    /// <param name="example">A valid example.</param>
    public static ValueKind<TimeSpan> Between(TimeSpan least, TimeSpan most, TimeSpan example) => new(
        HelpName,
        text => Parse(text) is (var duration, null) && duration >= least && duration <= most
            ? (duration, null)
            : (default, $"is not a duration from {Format(least)} to {Format(most)}: give one such as {Format(example)}."),
        Format);

    /// <summary>Reads a number and <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>.</summary>
    /// <param name="text">The text.</param>
    public static (TimeSpan Value, string? Problem) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var unit = text is [.., var letter] ? Array.Find(Units, unit => unit.Letter == letter).Length : default;
        return unit > TimeSpan.Zero
            && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * unit.TotalSeconds < TimeSpan.MaxValue.TotalSeconds
            ? (number * unit, null)
            : (default, "is not a duration: give a number and s, m, h or d, such as 30s or 7d.");
    }

    /// <summary>Writes a duration in the largest unit that leaves no fraction: <c>7d</c>, <c>48h</c>, <c>90m</c>, <c>0.25s</c>.</summary>
    /// <param name="duration">The duration.</param>
    public static string Format(TimeSpan duration)
    {
        foreach (var (letter, length) in Units)
        {
            if (duration.Ticks % length.Ticks == 0 && duration >= length && (length < TimeSpan.FromDays(1) || duration >= FewDays))
            {
                return string.Create(CultureInfo.InvariantCulture, $"{duration.Ticks / length.Ticks}{letter}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.#######}s");
    }
}
