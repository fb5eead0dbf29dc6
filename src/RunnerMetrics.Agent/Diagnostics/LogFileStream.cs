using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The lines of one kind of log file over all its pages, while they are being written. The runner goes on in a new page, whose name sorts
/// after, when one is full or it starts anew; a line that has no end yet is waited for, unless there is a later page.
/// </summary>
internal sealed class LogFileStream(LogDirectory directory, LogKind kind, LogPosition from, ILogger logger) : ILineSource, IDisposable
{
    /// <summary>
    /// How much of a line is kept: a job's name can be as long as the longest text that GitHub lets a stranger write, with every character
    /// of it escaped.
    /// </summary>
    public const int LongestLine = 1024 * 1024;

    private const int UsualBuffer = 128 * 1024;

    private readonly HashSet<string> _unreadable = [];
    private byte[] _buffer = new byte[UsualBuffer];
    private SafeFileHandle? _handle;
    private LogPosition _next = from;
    private long _readTo;
    private int _begin;
    private int _end;
    private int _scanned;
    private long _cut;
    private int _lineAt;
    private int _lineLength;

    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineAt, _lineLength);

    public LogPosition Start { get; private set; }

    public LogPosition Next => _next;

    /// <summary>Files that were passed over because they could not be opened.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    /// <summary>Whether the file at hand is shorter than what was read of it: then it is another one, and no place in it is known.</summary>
    public bool IsStale { get; private set; }

    public LineRead Read()
    {
        while (true)
        {
            if (IsStale || (_handle is null && !Open()))
            {
                return LineRead.None;
            }

            if (TryTakeLine())
            {
                return LineRead.Line;
            }

            if (Fill())
            {
                continue;
            }

            if (Reopen())
            {
                continue;
            }

            if (IsStale || Later(_next.File) is not { } later)
            {
                return LineRead.None;
            }

            // The writer closed this page before it made the later one, but perhaps after the read above.
            if (Fill())
            {
                continue;
            }

            if (TryTakeRest())
            {
                return LineRead.Line;
            }

            Close();
            _next = new LogPosition(later, 0);
            return LineRead.PageEnd;
        }
    }

    public void Dispose() => Close();

    private bool TryTakeLine()
    {
        var length = _buffer.AsSpan(_begin + _scanned, _end - _begin - _scanned).IndexOf((byte)'\n');
        if (length < 0)
        {
            _scanned = _end - _begin;
            return false;
        }

        length += _scanned;
        Take(length, length + 1);
        return true;
    }

    private bool TryTakeRest()
    {
        var rest = _end - _begin;
        if (rest == 0)
        {
            return false;
        }

        Take(rest, rest);
        return true;
    }

    private void Take(int length, int consumed)
    {
        Start = _next;
        _lineAt = _begin;
        _lineLength = length > LongestLine || _cut > 0 ? LongestLine
            : length > 0 && _buffer[_begin + length - 1] == '\r' ? length - 1 : length;
        _next = _next with { Offset = _next.Offset + consumed + _cut };
        _begin += consumed;
        _scanned = 0;
        _cut = 0;
    }

    private bool Fill()
    {
        MakeRoom();
        try
        {
            var count = RandomAccess.Read(_handle!, _buffer.AsSpan(_end), _readTo);
            _end += count;
            _readTo += count;
            return count > 0;
        }
        catch (IOException failure)
        {
            Warn(_next.File, failure);
            return false;
        }
    }

    // The line at hand moves to the front, cut where it is too long; the buffer is as large as that line needs.
    private void MakeRoom()
    {
        var kept = Math.Min(_end - _begin, LongestLine);
        _cut += _end - _begin - kept;
        _scanned = Math.Min(_scanned, kept);
        var size = kept <= UsualBuffer / 2 ? UsualBuffer : kept < _buffer.Length ? _buffer.Length : Math.Min(2 * kept, LongestLine + UsualBuffer);
        var buffer = size == _buffer.Length ? _buffer : new byte[size];
        if (_begin > 0 || buffer != _buffer)
        {
            _buffer.AsSpan(_begin, kept).CopyTo(buffer);
        }

        _buffer = buffer;
        _begin = 0;
        _end = kept;
    }

    // Some tools copy logs by putting a new file in the old one's place.
    private bool Reopen()
    {
        try
        {
            var length = RandomAccess.GetLength(_handle!);
            var there = new FileInfo(Path.Combine(directory.Path, _next.File));
            if (!there.Exists || (there.Length == length && length >= _readTo))
            {
                return false;
            }

            if (length < _readTo || there.Length < _readTo)
            {
                IsStale = true;
                return false;
            }

            var old = _handle;
            if (!TryOpen(_next.File))
            {
                return false;
            }

            old!.Dispose();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private bool Open()
    {
        var names = directory.Names(kind);
        var first = names.BinarySearch(_next.File, StringComparer.Ordinal);
        foreach (var name in names[(first < 0 ? ~first : first)..])
        {
            if (!TryOpen(name))
            {
                continue;
            }

            if (name != _next.File)
            {
                _next = new LogPosition(name, 0);
            }

            _readTo = _next.Offset;
            return true;
        }

        return false;
    }

    private string? Later(string file)
    {
        var names = directory.Names(kind);
        var at = names.BinarySearch(file, StringComparer.Ordinal);
        var later = at < 0 ? ~at : at + 1;
        return later < names.Length ? names[later] : null;
    }

    private bool TryOpen(string name)
    {
        try
        {
            _handle = File.OpenHandle(Path.Combine(directory.Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            FileLock.Release(_handle);
            _unreadable.Remove(name);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Warn(name, failure);
            return false;
        }
    }

    private void Warn(string name, Exception failure)
    {
        if (failure is not FileNotFoundException && _unreadable.Add(name))
        {
            DiagnosticsLog.FileUnreadable(logger, Path.Combine(directory.Path, name), failure.Message);
        }
    }

    private void Close()
    {
        _handle?.Dispose();
        _handle = null;
        _begin = _end = _scanned = 0;
        _cut = 0;
    }
}
