using System.Diagnostics;
using System.Globalization;

namespace RunnerMetrics.Benchmarks;

/// <summary>What a process takes of the machine, from a moment on.</summary>
internal sealed class ProcessUse(Process process)
{
    private readonly TimeSpan _before = Refreshed(process).TotalProcessorTime;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    /// <summary>Resident memory, in MB.</summary>
    public double Resident => Status("VmRSS:");

    /// <summary>Its own: without the pages of files, which the kernel can drop and read again.</summary>
    public double Own => Status("RssAnon:");

    /// <summary>The share of one core that it took since this object was made.</summary>
    public double Processor => (Refreshed(process).TotalProcessorTime - _before) / _clock.Elapsed;

    private static Process Refreshed(Process process)
    {
        process.Refresh();
        return process;
    }

    private double Status(string name) => File.ReadLines($"/proc/{process.Id}/status").Where(line => line.StartsWith(name, StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024 / 1e6).Single();
}
