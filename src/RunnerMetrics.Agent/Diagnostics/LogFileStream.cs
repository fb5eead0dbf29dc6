using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The lines of one kind of log file over all its pages, while they are being written. The runner goes on in a new page, whose name sorts
/// after, when one is full or it starts anew; a line that has no end yet is waited for, unless there is a later page.
/// </summary>
internal sealed class LogFileStream(LogDirectory directory, LogKind kind, LogPosition from, ILogger logger) : ILineSource, IDisposable
{
    /// <summary>How much of a line is kept; the rest of a longer one is skipped.</summary>
    public const int LongestLine = 64 * 1024;

    private readonly byte[] _buffer = new byte[2 * LongestLine];
    private readonly HashSet<string> _unreadable = [];
    private SafeFileHandle? _handle;
    private LogPosition _next = from;
    private long _readTo;
    private int _begin;
    private int _end;
    private int _lineAt;
    private int _lineLength;
    private bool _skipping;

    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineAt, _lineLength);

    public LogPosition Start { get; private set; }

    public LogPosition Next => _next;

    /// <summary>Files that were passed over because they could not be opened.</summary>
    public IReadOnlyCollection<string> Unreadable => _unreadable;

    public LineRead Read()
    {
        while (true)
        {
            if (_handle is null && !Open())
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

            if (Later(_next.File) is not { } later)
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
        while (true)
        {
            var window = _buffer.AsSpan(_begin, _end - _begin);
            var length = window.IndexOf((byte)'\n');
            if (_skipping)
            {
                _skipping = length < 0;
                var skipped = length < 0 ? window.Length : length + 1;
                _begin += skipped;
                _next = _next with { Offset = _next.Offset + skipped };
                if (_skipping)
                {
                    return false;
                }
            }
            else if (length >= 0 && length <= LongestLine)
            {
                Take(length, length + 1);
                return true;
            }
            else if (window.Length > LongestLine)
            {
                Take(LongestLine, LongestLine);
                _skipping = true;
                return true;
            }
            else
            {
                return false;
            }
        }
    }

    private bool TryTakeRest()
    {
        if (_skipping || _begin == _end)
        {
            return false;
        }

        Take(_end - _begin, _end - _begin);
        return true;
    }

    private void Take(int length, int consumed)
    {
        Start = _next;
        _lineAt = _begin;
        _lineLength = length > 0 && _buffer[_begin + length - 1] == '\r' ? length - 1 : length;
        _begin += consumed;
        _next = _next with { Offset = _next.Offset + consumed };
    }

    private bool Fill()
    {
        if (_begin > 0)
        {
            _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
            _end -= _begin;
            _begin = 0;
        }

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

    private bool Open()
    {
        var names = directory.Names(kind);
        foreach (var name in names)
        {
            var order = string.CompareOrdinal(name, _next.File);
            if (order < 0 || !TryOpen(name))
            {
                continue;
            }

            if (order > 0)
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
        foreach (var name in directory.Names(kind))
        {
            if (string.CompareOrdinal(name, file) > 0)
            {
                return name;
            }
        }

        return null;
    }

    private bool TryOpen(string name)
    {
        try
        {
            _handle = File.OpenHandle(Path.Combine(directory.Path, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
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
        _begin = _end = 0;
        _skipping = false;
    }
}
