using System.Globalization;

namespace RunnerMetrics.Automation.Machine;

/// <summary>What Linux reports about the machine under <c>/proc</c> (proc(5)); null on other systems.</summary>
internal static class ProcMachine
{
    /// <summary>The machine's processor time. One real line: <c>cpu  5338 0 2174 186411 1024 0 371 0 0 0</c>, of which the 4th and 5th number are idle.</summary>
    public static ProcessorTime? Processors() => Read("/proc/stat", static lines => ReadProcessors(lines.FirstOrDefault() ?? ""));

    /// <summary>The share of memory that is not available for new work, from 0 to 100. Real lines: <c>MemTotal:       16374892 kB</c>, <c>MemAvailable:   11023184 kB</c>.</summary>
    public static double? MemoryPercent() => Read("/proc/meminfo", ReadMemoryPercent);

    internal static ProcessorTime? ReadProcessors(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["cpu", .. { Length: >= 5 } numbers])
        {
            return null;
        }

        // Guests' time, the last two, is in the first two already.
        long total = 0, idle = 0;
        for (var i = 0; i < Math.Min(8, numbers.Length); i++)
        {
            if (!long.TryParse(numbers[i], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks))
            {
                return null;
            }

            total += ticks;
            idle += i is 3 or 4 ? ticks : 0;
        }

        return new ProcessorTime(total - idle, total);
    }

    internal static double? ReadMemoryPercent(IEnumerable<string> lines)
    {
        double? total = null, available = null;
        foreach (var line in lines)
        {
            total ??= NumberOf(line, "MemTotal:");
            available ??= NumberOf(line, "MemAvailable:");
        }

        return total is > 0 && available is { } left ? Math.Clamp(100 * (1 - (left / total.Value)), 0, 100) : null;
    }

    private static double? NumberOf(string line, string name) =>
        line.StartsWith(name, StringComparison.Ordinal)
        && double.TryParse(line.AsSpan(name.Length).Trim().TrimEnd("kB").TrimEnd(' '), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static T? Read<T>(string path, Func<IEnumerable<string>, T?> read)
        where T : struct
    {
        try
        {
            return read(File.ReadLines(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
