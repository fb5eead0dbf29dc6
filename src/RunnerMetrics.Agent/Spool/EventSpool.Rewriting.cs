using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <content>How the file is replaced by one of what still counts.</content>
internal sealed partial class EventSpool
{
    private static readonly TimeSpan CompactAgainAfter = TimeSpan.FromSeconds(30);

    private long _compactAgainAt = long.MinValue;

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
            _known.SaveTo(head);
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
}
