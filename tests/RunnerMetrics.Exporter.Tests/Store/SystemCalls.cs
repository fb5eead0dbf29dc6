using System.Globalization;
using System.Text;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>
/// What an exporter asked of the kernel, as strace wrote it down: writes to its files, fsyncs, and what it sent. One real line:
/// <c>2708  pwrite64(231&lt;\x2f\x74…&gt;, "\x53\x51…", 4096, 0) = 4096</c>; a call that another thread interrupts has two, <c>… &lt;unfinished ...&gt;</c> and <c>&lt;... fsync resumed&gt;) = 0</c>.
/// </summary>
internal sealed class SystemCalls
{
    public const string Traced = "pwrite64,ftruncate,fsync,fdatasync,unlink,rename,sendmsg,sendto";

    /// <summary>What happened to the store's files and what was said, in order.</summary>
    public List<Call> Calls { get; } = [];

    public void Read(IEnumerable<string> lines)
    {
        Dictionary<string, string> unfinished = [];
        foreach (var line in lines)
        {
            var thread = line[..line.IndexOf(' ', StringComparison.Ordinal)];
            var text = line[thread.Length..].TrimStart();
            if (text.StartsWith("send", StringComparison.Ordinal))
            {
                Calls.Add(new Call("send", "", "", Bytes(text), 0)); // From here on it may arrive.
            }
            else if (text.EndsWith("<unfinished ...>", StringComparison.Ordinal))
            {
                unfinished[thread] = text[..^"<unfinished ...>".Length];
            }
            else if (text.StartsWith("<... ", StringComparison.Ordinal))
            {
                if (unfinished.Remove(thread, out var begun))
                {
                    Add(begun + text[(text.IndexOf("resumed>", StringComparison.Ordinal) + 8)..]);
                }
            }
            else
            {
                Add(text);
            }
        }
    }

    private void Add(string text)
    {
        var name = text.Split('(')[0];
        var result = text.LastIndexOf(" = ", StringComparison.Ordinal); // Behind a short line, such as one of a resumed call, in a column of its own.
        if (result < 0 || text[result + 3] is '-' or '?' || !Traced.Split(',').Contains(name))
        {
            return;
        }

        var ends = text.LastIndexOf(')', result);

        var inner = text[(name.Length + 1)..ends];
        var parts = inner.Split(", ");
        var file = name is "unlink" or "rename" ? Text(parts[0]) : Text(parts[0][(parts[0].IndexOf('<', StringComparison.Ordinal) + 1)..]);
        Calls.Add(name switch
        {
            "pwrite64" => new Call(name, file, "", Bytes(parts[1]), Number(parts[3])),
            "ftruncate" => new Call(name, file, "", [], Number(parts[1])),
            "rename" => new Call(name, file, Text(parts[1]), [], 0),
            "fdatasync" => new Call("fsync", file, "", [], 0),
            _ => new Call(name, file, "", [], 0),
        });
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(string hex) => Encoding.UTF8.GetString(Bytes(hex));

    private static byte[] Bytes(string text)
    {
        List<byte> bytes = [];
        for (var at = text.IndexOf("\\x", StringComparison.Ordinal); at >= 0 && at + 4 <= text.Length; at = text.IndexOf("\\x", at + 4, StringComparison.Ordinal))
        {
            bytes.Add(byte.Parse(text.AsSpan(at + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        return [.. bytes];
    }

    /// <param name="Name">The system call; <c>send</c> for all that send.</param>
    /// <param name="File">The path.</param>
    /// <param name="Other">The new path, with <c>rename</c>.</param>
    /// <param name="Bytes">What was written or sent.</param>
    /// <param name="Number">Where to, or the new length.</param>
    internal sealed record Call(string Name, string File, string Other, byte[] Bytes, long Number);
}
