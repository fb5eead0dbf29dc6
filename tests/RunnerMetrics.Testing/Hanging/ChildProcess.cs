using System.Diagnostics;

namespace RunnerMetrics.Testing;

/// <summary>A program that another one started and that still runs; on Linux, where <c>/proc</c> says who started whom.</summary>
public sealed record ChildProcess(int Id, string CommandLine)
{
    public void Kill()
    {
        try
        {
            using var process = Process.GetProcessById(Id);
            process.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
        }
    }
}
