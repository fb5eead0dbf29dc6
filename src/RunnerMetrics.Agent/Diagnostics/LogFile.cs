using Microsoft.Win32.SafeHandles;
using RunnerMetrics.Agent.Files;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>One log file on disk. An incomplete line is waited for. A file that is removed while it is open is still read.</summary>
internal sealed class LogFile : ILogFile
{
    /// <summary>
    /// How much of a line is kept: a job's name can be as long as the longest text that GitHub allows users to write, with every character
    /// of it escaped.
    /// </summary>
    public const int LongestLine = 1024 * 1024;

    /// <summary>With so many bytes without a line end it is not a log, but a sparse file.</summary>
    private const long NoLog = 1024L * 1024 * 1024;

    // Below 85,000 bytes, where the large object heap begins: only a full collection frees what is there.
    private const int UsualBuffer = 64 * 1024;

    private readonly string _path;
    private byte[] _buffer = [];
    private SafeFileHandle _handle;
    private long _readTo;
    private int _begin;
    private int _end;
    private int _scanned;
    private long _cut;
    private int _lineAt;
    private int _lineLength;
    private bool _isDone;

    /// <exception cref="IOException">It cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    /// <exception cref="NotSupportedException">It is not a regular file.</exception>
    public LogFile(string path, long offset)
    {
        _path = path;
        _handle = OpenHandle();
        _readTo = Next = offset;
    }

    public ReadOnlySpan<byte> Line => _buffer.AsSpan(_lineAt, _lineLength);

    public long Start { get; private set; }

    public long Next { get; private set; }

    public bool IsStale { get; private set; }

    public bool Read(long within = long.MaxValue)
    {
        while (!IsStale)
        {
            if (TryTakeLine())
            {
                return true;
            }

            if (_readTo > within || (!Fill() && !Reopen()))
            {
                Shrink();
                return false;
            }
        }

        return false;
    }

    public bool ReadRest()
    {
        var rest = _end - _begin;
        if (rest == 0)
        {
            return false;
        }

        Take(rest, rest);
        _isDone = true;
        return true;
    }

    public bool? IsHeld() => FileLock.IsHeld(_handle);

    public void Dispose() => _handle.Dispose();

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

    private void Take(int length, int consumed)
    {
        Start = Next;
        _lineAt = _begin;
        _lineLength = length > LongestLine || _cut > 0 ? LongestLine
            : length > 0 && _buffer[_begin + length - 1] == '\r' ? length - 1 : length;
        Next += consumed + _cut;
        _begin += consumed;
        _scanned = 0;
        _cut = 0;
    }

    private bool Fill()
    {
        try
        {
            // Nearly always nothing is new: then no buffer is asked for.
            if (_isDone || _cut > NoLog || RandomAccess.GetLength(_handle) <= _readTo)
            {
                return false;
            }

            MakeRoom();
            var count = RandomAccess.Read(_handle, _buffer.AsSpan(_end), _readTo);
            _end += count;
            _readTo += count;
            return count > 0;
        }
        catch (IOException)
        {
            // It is retried; a failing disk is reported elsewhere too.
            return false;
        }
    }

    // The current line moves to the front, truncated if it is too long; the buffer is as large as that line needs.
    private void MakeRoom()
    {
        var kept = Math.Min(_end - _begin, LongestLine);
        _cut += _end - _begin - kept;
        _scanned = Math.Min(_scanned, kept);
        var size = kept <= UsualBuffer / 2 ? UsualBuffer : kept < _buffer.Length ? _buffer.Length : Math.Min(2 * kept, LongestLine + UsualBuffer);
        Keep(kept, size);
    }

    // A file that is only watched holds no more than a line that is not whole yet.
    private void Shrink()
    {
        if (_buffer.Length > _end - _begin)
        {
            Keep(_end - _begin, _end - _begin);
        }
    }

    private void Keep(int count, int size)
    {
        var buffer = size == _buffer.Length ? _buffer : new byte[size];
        _buffer.AsSpan(_begin, count).CopyTo(buffer);
        _buffer = buffer;
        _begin = 0;
        _end = count;
        _lineLength = 0;
    }

    // Some tools copy logs by putting a new file in the old one's place.
    private bool Reopen()
    {
        try
        {
            var length = RandomAccess.GetLength(_handle);
            var there = new FileInfo(_path);
            if (!there.Exists || (there.Length == length && length >= _readTo))
            {
                return false;
            }

            if (length < _readTo || there.Length < _readTo)
            {
                IsStale = true;
                return false;
            }

            var opened = OpenHandle();
            _handle.Dispose();
            _handle = opened;
            return RandomAccess.GetLength(_handle) > _readTo;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return false;
        }
    }

    private SafeFileHandle OpenHandle()
    {
        var handle = UntrustedFile.Open(_path);
        FileLock.Release(handle);
        return handle;
    }
}
