using System.Globalization;
using System.Text;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>
/// One process's diagnostic log: lines of the form <c>[2026-11-21 00:22:47Z INFO JobDispatcher] text</c> in pages of a limited size
/// (actions/runner, <c>Runner.Common/HostTraceListener.cs</c>).
/// </summary>
internal sealed class DiagnosticLog : IDisposable
{
    /// <summary>The runner's own page size.</summary>
    public const int DefaultPageBytes = 8 * 1024 * 1024;

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly string _folder;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly int _pageBytes;
    private readonly bool _flushes;
    private StreamWriter? _writer;
    private int _written;

    /// <param name="folder">The <c>_diag</c> folder; created if it is missing.</param>
    /// <param name="prefix"><c>Runner</c> or <c>Worker</c>.</param>
    /// <param name="time">Names the pages and stamps the lines.</param>
    /// <param name="pageBytes">A message that takes a page over this many bytes is its last.</param>
    /// <param name="flushes">False only if nothing reads while it is written.</param>
    public DiagnosticLog(string folder, string prefix, TimeProvider time, int pageBytes, bool flushes)
    {
        _folder = folder;
        _prefix = prefix;
        _time = time;
        _pageBytes = pageBytes;
        _flushes = flushes;
        Directory.CreateDirectory(folder);
        _writer = OpenPage();
    }

    /// <summary>Writes one message, with its line breaks as they are.</summary>
    /// <param name="origin">Level and component, for example <c>INFO JobDispatcher</c>.</param>
    /// <param name="text">The message.</param>
    public void Write(string origin, string text)
    {
        var writer = _writer ?? throw new ObjectDisposedException(nameof(DiagnosticLog), $"The {_prefix} process that wrote this log has ended.");
        var header = string.Create(CultureInfo.InvariantCulture, $"[{_time.GetUtcNow():u} {origin}] ");

        // The runner flushes the header by itself: a reader can see a line without its text.
        writer.Write(header);
        Flush();
        writer.Write(text);
        writer.Write('\n');
        Flush();

        // As there, line ends are not counted.
        _written += Utf8.GetByteCount(header) + Utf8.GetByteCount(text);
        if (_written > _pageBytes)
        {
            writer.Dispose();
            _writer = OpenPage();
            _written = 0;
        }
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private StreamWriter OpenPage()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_prefix}_{_time.GetUtcNow():yyyyMMdd-HHmmss}-utc.log");

        // Two pages of one second share a file; a reader may hold it open, and rename or delete it.
        var stream = new FileStream(
            Path.Combine(_folder, name),
            FileMode.Append,
            FileAccess.Write,
            FileShare.Read | FileShare.Delete,
            _flushes ? 4096 : 1 << 16);
        return new StreamWriter(stream, Utf8, bufferSize: _flushes ? 1024 : 1 << 15);
    }

    private void Flush()
    {
        if (_flushes)
        {
            _writer?.Flush();
        }
    }
}
