using System.Globalization;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Sizes in bytes as people write them: <c>64M</c>, <c>512k</c>, <c>1G</c>; K, M and G are powers of 1024.</summary>
public static class Sizes
{
    private static readonly (char Letter, long Bytes)[] Units = [('G', 1L << 30), ('M', 1L << 20), ('K', 1L << 10)];

    /// <summary>A size within bounds, both of them included.</summary>
    /// <param name="least">The smallest, in bytes.</param>
    /// <param name="most">The largest, in bytes.</param>
    /// <param name="example">A valid example, in bytes.</param>
    public static ValueKind<long> Between(long least, long most, long example) => new(
        "SIZE",
        text => TryParse(text, out var bytes) && bytes >= least && bytes <= most
            ? (bytes, null)
            : (0, $"is not a size from {Format(least)} to {Format(most)}: give one such as {Format(example)}."),
        Format);

    /// <summary>Writes a size in the largest unit that leaves no fraction.</summary>
    /// <param name="bytes">The size in bytes.</param>
    public static string Format(long bytes)
    {
        foreach (var (letter, unit) in Units)
        {
            if (bytes >= unit && bytes % unit == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit}{letter}");
            }
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }

    private static bool TryParse(string text, out long bytes)
    {
        var unit = text is [.., var letter] ? Array.Find(Units, unit => unit.Letter == char.ToUpperInvariant(letter)).Bytes : 0;
        var isNumber = long.TryParse(unit == 0 ? text : text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        unit = Math.Max(1, unit);
        bytes = isNumber && number <= long.MaxValue / unit ? number * unit : -1;
        return bytes >= 0;
    }
}
