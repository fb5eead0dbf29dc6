using System.Security.Cryptography;
using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <content>How the file is read at a start.</content>
internal sealed partial class EventSpool
{
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
            TryRepair();
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

        _known.Add(frame);
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
}
