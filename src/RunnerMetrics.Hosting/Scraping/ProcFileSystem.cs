using System.Buffers.Text;
using System.Globalization;

namespace RunnerMetrics.Hosting.Scraping;

/// <summary>What Linux tells a process of itself under <c>/proc/self</c> (proc(5)); null on other systems.</summary>
internal static class ProcFileSystem
{
    /// <summary>Resident and virtual memory in bytes. One real line: <c>3894 1201 998 14 0 310 0</c>, in pages.</summary>
    public static (long Resident, long Virtual)? Memory()
    {
        Span<byte> text = stackalloc byte[128];
        try
        {
            using var file = File.OpenHandle("/proc/self/statm");
            text = text[..RandomAccess.Read(file, text, 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        return Utf8Parser.TryParse(text, out long size, out var used) && Utf8Parser.TryParse(text[(used + 1)..], out long resident, out _)
            ? (resident * Environment.SystemPageSize, size * Environment.SystemPageSize)
            : null;
    }

    public static double? OpenFiles() => Count("/proc/self/fd");

    /// <summary>How many threads the process has: one folder each.</summary>
    public static double? Threads() => Count("/proc/self/task");

    /// <summary>The soft limit. One real line: <c>Max open files            1048576              1048576              files</c>.</summary>
    public static double? MaxOpenFiles()
    {
        try
        {
            var line = File.ReadLines("/proc/self/limits").FirstOrDefault(l => l.StartsWith("Max open files", StringComparison.Ordinal));
            var soft = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(3);
            return double.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double? Count(string folder)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(folder).Count();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
