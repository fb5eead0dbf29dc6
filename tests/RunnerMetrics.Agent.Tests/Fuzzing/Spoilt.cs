using System.Text;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Tests.Fuzzing;

/// <summary>Text of lines, corrupted as disks, clocks and strangers spoil it.</summary>
internal static partial class Spoilt
{
    private const int Longest = 4 << 20;

    private static readonly string[] Numbers =
        ["0", "-1", "2147483648", "9223372036854775807", "9223372036854775808", "99999999999999999999999999", "1e308", "1e999", "NaN", "3599.999", "0.0", ""];

    private static readonly string[] Times =
        ["0001-01-01 00:00:00", "9999-12-31 23:59:59", "1970-01-01 00:00:00", "2026-02-30 00:00:00", "0000-00-00 00:00:00", "2038-01-19 03:14:08", "2026-12-31 23:59:60"];

    private static readonly string[] Values =
        ["null", "{}", "[", "\"\"", "\"***\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\", "\"a\\nb\\nc\\nd\"", "4242.0", "true", "\"ephemeral\"", "\"https://[::1\"", "\"00000000-0000-0000-0000-000000000000\"",
            "\"" + new string('n', 2000) + "\"", "\"" + string.Concat(Enumerable.Repeat("\\ud83d\\ude00", 300)) + "\""];

    private static readonly byte[][] BrokenUtf8 = [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0xf0, 0x9f], [0xef, 0xbb, 0xbf]];

    /// <summary>The text with one to three changes, at most 4 MiB of it.</summary>
    /// <param name="text">What is corrupted.</param>
    /// <param name="other">Another text, of which parts may come in.</param>
    /// <param name="random">Decides what changes.</param>
    public static byte[] Of(byte[] text, byte[] other, Random random)
    {
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            text = Change(text, other, random);
        }

        return text.Length > Longest ? text[..Longest] : text;
    }

    private static byte[] Change(byte[] text, byte[] other, Random random) => random.Next(14) switch
    {
        0 => Flip(text, random),
        1 => text[..At(text, random)],
        2 => text[At(text, random)..],
        3 => Lines(text, random, _ => []),
        4 => Lines(text, random, lines => [.. Enumerable.Repeat(lines, random.Next(2, 30)).SelectMany(all => all)]),
        5 => Lines(text, random, lines => { random.Shuffle(lines); return lines; }),
        6 => [.. text[..At(text, random)], .. other[At(other, random)..]],
        7 => Insert(text, random, new byte[random.Next(1, 5000)]),
        8 => Insert(text, random, BrokenUtf8[random.Next(BrokenUtf8.Length)]),
        9 => Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(text).Replace("\n", "\r\n", StringComparison.Ordinal)),
        10 => Replace(Digits(), text, random, Numbers),
        11 => Replace(Time(), text, random, Times),
        12 => Replace(Value(), text, random, Values),
        _ => random.Next(20) > 0 ? Insert(text, random, other[..Math.Min(other.Length, random.Next(300))]) : Insert(text, random, Encoding.ASCII.GetBytes(new string("x\0\"{ "[random.Next(5)], 1 << 20))),
    };

    private static int At(byte[] text, Random random) => random.Next(text.Length + 1);

    private static byte[] Flip(byte[] text, Random random)
    {
        var flipped = (byte[])text.Clone();
        for (var bytes = random.Next(1, 9); bytes > 0 && text.Length > 0; bytes--)
        {
            flipped[random.Next(text.Length)] = (byte)random.Next(256);
        }

        return flipped;
    }

    private static byte[] Insert(byte[] text, Random random, byte[] what)
    {
        var at = At(text, random);
        return [.. text[..at], .. what, .. text[at..]];
    }

    // A few lines that stand together become others.
    private static byte[] Lines(byte[] text, Random random, Func<byte[][], byte[][]> change)
    {
        var from = text.AsSpan(0, At(text, random)).LastIndexOf((byte)'\n') + 1;
        var to = from;
        for (var count = random.Next(1, 12); count > 0 && to < text.Length; count--)
        {
            var end = text.AsSpan(to).IndexOf((byte)'\n');
            to = end < 0 ? text.Length : to + end + 1;
        }

        var lines = new List<byte[]>();
        for (var at = from; at < to;)
        {
            var end = text.AsSpan(at, to - at).IndexOf((byte)'\n') is >= 0 and var length ? at + length + 1 : to;
            lines.Add(text[at..end]);
            at = end;
        }

        return [.. text[..from], .. change([.. lines]).SelectMany(line => line), .. text[to..]];
    }

    // The first that comes from somewhere on; in one of four cases all that come.
    private static byte[] Replace(Regex what, byte[] text, Random random, string[] by)
    {
        var spoilt = Encoding.Latin1.GetString(text);
        return Encoding.Latin1.GetBytes(what.Replace(spoilt, by[random.Next(by.Length)], random.Next(4) == 0 ? -1 : 1, At(text, random)));
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex(@"(?<=\[)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?=Z )")]
    private static partial Regex Time();

    [GeneratedRegex("(?<=\": |=)[^,\n]*")]
    private static partial Regex Value();
}
