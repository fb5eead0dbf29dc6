using System.Security.Cryptography;
using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <content>How the file is read at a start, written, and replaced.</content>
internal sealed partial class EventSpool
{
    private static readonly TimeSpan CompactAgainAfter = TimeSpan.FromSeconds(30);

    private IStorageFile? _file;
    private long _length;
    private int _generation;
    private bool _isReadable;
    private bool _exists;
    private bool _isOtherVersion;
    private bool _isToBeSetAside;
    private int _failures;
    private long _tryAgainAt;
    private long _compactAgainAt = long.MinValue;
    private bool _saidFull;

    private void Recover()
    {
        var names = _storage.List();
        if (names.Contains(Temporary))
        {
            TryDelete(Temporary);
        }

        _exists = names.Contains(FileName);
        SpoolScan? scan = null;
        if (_exists)
        {
            scan = Read();
        }

        _senderId ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        if (scan is { IsClean: true })
        {
            TryTrust();
        }

        if (_file is null && _failures == 0)
        {
            TryMend();
        }
    }

    private SpoolScan Read()
    {
        var scan = SpoolScan.Read(_storage, FileName, limit: null, Fold);
        if (scan.OtherVersion is { } version)
        {
            (_isOtherVersion, _isToBeSetAside) = (true, true);
            SpoolLog.OtherVersion(_logger, _storage.Folder, version, SetAside);
            return scan;
        }

        if (scan.DamagedBytes > 0)
        {
            _isToBeSetAside = true;
            SpoolLog.Damaged(_logger, _storage.Folder, scan.DamagedBytes, SetAside);
        }

        if (scan.TornBytes > 0)
        {
            // It may have been durable and sent. An event takes more than one byte, so this many numbers are surely enough to pass over.
            _next += (ulong)scan.TornBytes;
            SpoolLog.TornTail(_logger, scan.TornBytes);
        }

        _length = long.MaxValue;
        SpoolScan.Read(_storage, FileName, limit: null, (frame, _) =>
        {
            foreach (var waiting in frame.Events.Where(e => !_settled.Contains(e.Sequence)))
            {
                _live++;
                _liveBytes += waiting.CalculateSize();
            }
        });
        return scan;
    }

    private void Fold(SpoolFrame frame, bool isBehindDamage)
    {
        _senderId = frame.SenderId;
        _next = Math.Max(_next, frame.NextSequence);
        _lost = Math.Max(_lost, frame.EventsLost);
        foreach (var range in frame.Settled)
        {
            _settled.Add(range.First, range.Last);
        }

        // The events of the damage are read again from the logs.
        if (frame.Place is { } place && !isBehindDamage)
        {
            _place = SpoolPlace.ToCheckpoint(place);
        }

        foreach (var id in frame.RecentIds.Concat(frame.Events.Select(e => e.EventId)))
        {
            Remember(id);
        }
    }

    // What a killed process wrote is read from the page cache, durable or not.
    private void TryTrust()
    {
        IStorageFile? file = null;
        try
        {
            file = _storage.Append(FileName);
            file.Sync();
            _storage.SyncFolder();
            (_file, _length, _isReadable) = (file, file.Length, true);
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            file?.Dispose();
            Fail(failure);
        }
    }

    private static bool IsWriteFailure(Exception failure) => failure is IOException or UnauthorizedAccessException;

    // Where it fails, it goes with the next frame.
    private void SaveSettled()
    {
        if (_failures == 0 && !_unsaved.IsEmpty)
        {
            TrySave(new SpoolFrame { NextSequence = _next });
        }
    }

    private bool TryMend()
    {
        if (_file is not null)
        {
            return _unsaved.IsEmpty || TrySave(new SpoolFrame { NextSequence = _next });
        }

        try
        {
            Rewrite();
            Recovered();
            return true;
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            Fail(failure);
            return false;
        }
    }

    private bool TrySave(SpoolFrame frame)
    {
        try
        {
            Save(frame);
            return true;
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            return false;
        }
    }

    // One write and one fsync. When it throws, nothing of it counts.
    private void Save(SpoolFrame frame)
    {
        try
        {
            if (_file is null)
            {
                Rewrite();
            }

            Seal(frame);
            Write(frame);
            Recovered();
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            Fail(failure);
            throw;
        }

        _unsaved.Clear();
    }

    private void Seal(SpoolFrame frame)
    {
        frame.SenderId = SenderId;
        frame.EventsLost = Math.Max(_lost, frame.EventsLost);
        foreach (var (first, last) in _unsaved.Ranges)
        {
            frame.Settled.Add(new V1.Range { First = first, Last = last });
        }
    }

    private void Write(SpoolFrame frame)
    {
        try
        {
            SpoolFormat.Write(_file!, frame);
        }
        catch
        {
            TryCut();
            throw;
        }

        try
        {
            _file!.Sync();
        }
        catch
        {
            // The kernel may have dropped what it could not write, and calls it clean: only another file can be trusted again.
            Close();
            throw;
        }

        _length = _file.Length;
    }

    private void TryCut()
    {
        try
        {
            _file!.Truncate(_length);
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            Close();
        }
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private void TryCompact()
    {
        var isWorthIt = (_length > _options.CompactAfter && _liveBytes < _length / 2)
            || (_length >= _options.MaxBytes && _liveBytes < _length / 10 * 9);
        if (!isWorthIt || _file is null || _failures > 0 || _time.GetTimestamp() < _compactAgainAt)
        {
            return;
        }

        try
        {
            Rewrite();
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            _compactAgainAt = _time.GetTimestamp() + (long)(CompactAgainAfter.TotalSeconds * _time.TimestampFrequency);
            if (_file is null)
            {
                Fail(failure);
            }
        }
    }

    // Writes all that counts to a file beside, and puts that in the old one's place.
    private void Rewrite()
    {
        var length = WriteTemporary();
        if (_isToBeSetAside)
        {
            Copy(FileName, SetAside);
            _isToBeSetAside = false;
        }

        _storage.Rename(Temporary, FileName);
        Close();
        (_exists, _isOtherVersion, _length, _cursorOffset) = (true, false, length, SpoolFormat.Header.Length);
        _generation++;

        // Until the folder is durable, the old file may come back: nothing is appended that it lacks.
        _storage.SyncFolder();
        _file = _storage.Append(FileName);
        _settled.Clear();
        _unsaved.Clear();
        if (!_isReadable)
        {
            _isReadable = true;
            SignalChange();
        }
    }

    private long WriteTemporary()
    {
        try
        {
            using var file = _storage.Create(Temporary);
            file.Write(SpoolFormat.Header);
            var head = new SpoolFrame
            {
                SenderId = SenderId,
                NextSequence = _next,
                EventsLost = _lost,
                Place = _place is null ? null : SpoolPlace.ToPlace(_place),
            };
            head.RecentIds.AddRange(_recent);
            SpoolFormat.Write(file, head);
            if (_exists && !_isOtherVersion)
            {
                SpoolScan.Read(_storage, FileName, _length, (frame, _) => CopyWaiting(frame, file));
            }

            file.Sync();
            return file.Length;
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            TryDelete(Temporary);
            throw;
        }
    }

    private void CopyWaiting(SpoolFrame frame, IStorageFile file)
    {
        var copy = new SpoolFrame { SenderId = SenderId, NextSequence = _next, EventsLost = _lost, WrittenAt = frame.WrittenAt };
        copy.Events.AddRange(frame.Events.Where(e => !_settled.Contains(e.Sequence)));
        if (copy.Events.Count > 0)
        {
            SpoolFormat.Write(file, copy);
        }
    }

    private void Copy(string name, string to)
    {
        using var source = _storage.OpenRead(name);
        using var copy = _storage.Create(to);
        var buffer = new byte[64 * 1024];
        for (int read; (read = source.Read(buffer)) > 0;)
        {
            copy.Write(buffer.AsSpan(0, read));
        }

        copy.Sync();
    }

    private void TryDelete(string name)
    {
        try
        {
            _storage.Delete(name);
        }
        catch (Exception failure) when (IsWriteFailure(failure))
        {
            // It is written over the next time.
        }
    }

    private void Fail(Exception failure)
    {
        if (_failures++ == 0)
        {
            SpoolLog.NotWritable(_logger, _storage.Folder, failure.Message);
        }

        var delay = Math.Min(_options.LongestRetry.TotalSeconds, _options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Min(_failures - 1, 20)));
        _tryAgainAt = _time.GetTimestamp() + (long)(delay * _time.TimestampFrequency);
    }

    private void Recovered()
    {
        if (_failures > 0)
        {
            SpoolLog.WritableAgain(_logger, _storage.Folder);
        }

        _failures = 0;
    }
}
