using System.Buffers.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// What a page says first of the job that its process is about, so that it continues with no log that is about another: where a clock passes the same
/// seconds twice, several logs end at the time that the page was made. A message never spans two pages, so its first lines are the runner's own.
/// </summary>
/// <param name="Id">The job that it continues with; null if it does not say.</param>
/// <param name="IsOpen">Whether a job is open in front of the page; null if it does not say.</param>
internal readonly record struct PageJob(Guid? Id, bool? IsOpen)
{
    // A page without a job in so many lines does not help.
    private const int MostLines = 64;
    private const long MostRead = (MostLines * 1024) + LogFile.LongestLine;

    /// <summary>Reads a page's first lines.</summary>
    public static PageJob Of(ILogFile page)
    {
        for (var lines = 0; lines < MostLines && page.Read(MostRead); lines++)
        {
            if (!LogLine.TryParse(page.Line, out var line))
            {
                continue;
            }

            // [2026-11-21 00:22:43Z INFO Terminal] WRITE LINE: 2026-11-21 00:22:43Z: Running job: build
            if (line.Component.SequenceEqual("Terminal"u8) && line.Text.StartsWith("WRITE LINE: "u8) && line.Text.IndexOf("Z: Running job: "u8) is > 0 and < 40)
            {
                return new PageJob(null, IsOpen: false);
            }

            // [2026-11-21 00:22:43Z INFO ProcessInvokerWrapper]   File name: '/home/runner/bin/Runner.Worker'
            if (line.Component.SequenceEqual("ProcessInvokerWrapper"u8) && line.Text.StartsWith("  File name: "u8) && line.Text.IndexOf("Runner.Worker"u8) > 0)
            {
                return new PageJob(null, IsOpen: true);
            }

            // [2026-11-21 00:22:47Z INFO JobDispatcher] finish job request for job 90b69cf1-f6e8-4a31-815d-fbe617526504 with result: Succeeded
            if (line.Component.SequenceEqual("JobDispatcher"u8) && line.Text.IndexOf(" for job "u8) is > 0 and var at
                && Utf8Parser.TryParse(line.Text[(at + " for job "u8.Length)..], out Guid id, out _))
            {
                return new PageJob(id, IsOpen: line.Text.StartsWith("Stop renew job request "u8) ? null : true);
            }
        }

        return default;
    }
}
