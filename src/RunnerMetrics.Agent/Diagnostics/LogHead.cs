namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// How a log file begins. A process logs what it is before any untrusted text can follow; a file that begins otherwise continues with the page
/// of a process that runs.
/// </summary>
internal sealed class LogHead
{
    // A process has said what it is long before that.
    private const long LongestHead = 64 * 1024;

    // A file without a line is checked repeatedly, and may be a sparse file of a terabyte.
    private const long MostRead = LongestHead + LogFile.LongestLine;

    /// <summary>Whether a process begins with it; null while that is not known.</summary>
    public bool? Begins { get; private set; }

    /// <summary>The time of its first line.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <summary>Reads the beginning of a file.</summary>
    public static LogHead Of(ILogFile file, LogKind kind)
    {
        var head = new LogHead();
        while (head.Begins is null && file.Read(MostRead))
        {
            head.Read(file.Line, kind);
            if (file.Next > LongestHead)
            {
                head.Begins ??= false;
            }
        }

        return head;
    }

    /// <summary>Reads the next line.</summary>
    public void Read(ReadOnlySpan<byte> bytes, LogKind kind)
    {
        if (Begins is not null || !LogLine.TryParse(bytes, out var line))
        {
            return;
        }

        At ??= line.Time;
        if (!IsPreamble(line.Component))
        {
            Begins = kind == LogKind.Listener ? IsListener(line) : IsWorker(line);
        }
    }

    // [2026-11-21 00:22:42Z INFO Listener] Runner is built for Linux (X64) - linux-x64.
    private static bool IsListener(in LogLine line) =>
        line.Component.SequenceEqual("Listener"u8)
        && (line.Text.StartsWith("Runner is built for"u8) || line.Text.StartsWith("RuntimeInformation: "u8) || line.Text.StartsWith("Version: "u8));

    // [2026-11-21 00:22:43Z INFO Worker] Version: 2.336.0
    private static bool IsWorker(in LogLine line) =>
        line.Component.SequenceEqual("Worker"u8)
        && (line.Text.StartsWith("Version: "u8) || line.Text.StartsWith("Waiting to receive the job message"u8) || line.Text.StartsWith("Job message:"u8));

    private static bool IsPreamble(ReadOnlySpan<byte> component) =>
        component.SequenceEqual("HostContext"u8) || component.SequenceEqual("ConfigurationStore"u8)
        || component.SequenceEqual("CredentialManager"u8) || component.SequenceEqual("RSAFileKeyManager"u8);
}
