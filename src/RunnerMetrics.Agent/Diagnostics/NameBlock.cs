using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The lines that a job's display name takes up if the listener writes it raw. The name is untrusted, may contain newlines, and so can
/// hold whole lines of this log, its own GUID's among them (GUIDs come back in later runs). All lines of the block mean nothing.
/// <code>
/// [2026-11-21 00:22:43Z INFO Terminal] WRITE LINE: 2026-11-21 00:22:43Z: Running job: build (ok)
/// [2026-11-21 00:22:43Z INFO JobDispatcher] Start renew job request 1795220563 for job 90b69cf1-f6e8-4a31-815d-fbe617526504.
/// </code>
/// The second line ends it, but only if the name is over by the worker's count, which nobody can forge: there the name is JSON. The request
/// number is no secret, GitHub sends 0.
/// </summary>
internal sealed class NameBlock
{
    private const int KeptBytes = 4096;

    private readonly StringBuilder _name = new();

    public NameBlock(ReadOnlySpan<byte> firstLine)
    {
        FirstLine = Encoding.UTF8.GetString(Head(firstLine));
        _name.Append(FirstLine);
    }

    public string FirstLine { get; }

    public string Name => _name.ToString();

    /// <summary>How many lines it has, as far as it was read.</summary>
    public int Lines { get; private set; } = 1;

    /// <summary>How many lines it has at least, by the worker; 0 if that is not known.</summary>
    public int Least { get; private set; }

    public bool IsWhole => Lines >= Least;

    public void Add(ReadOnlySpan<byte> line)
    {
        Lines++;
        if (_name.Length < KeptBytes)
        {
            _name.Append('\n').Append(Encoding.UTF8.GetString(Head(line)));
        }
    }

    /// <summary>The worker's count is valid if the name is the one that the listener wrote.</summary>
    public void Learn(JobMessage message)
    {
        if (message.Name is null || message.Name.StartsWith(FirstLine, StringComparison.Ordinal))
        {
            Least = message.NameLines;
        }
    }

    // Cut between two characters: half a one would make the name another.
    private static ReadOnlySpan<byte> Head(ReadOnlySpan<byte> line)
    {
        if (line.Length <= KeptBytes)
        {
            return line;
        }

        var end = KeptBytes;
        while (end > KeptBytes - 4 && (line[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return line[..end];
    }
}
