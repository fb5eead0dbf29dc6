using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <content>How the file is written.</content>
internal sealed partial class EventSpool
{
    private IStorageFile? _file;
    private long _length;
    private int _generation;
    private bool _isReadable;
    private bool _exists;
    private bool _isOtherVersion;
    private bool _isToBeSetAside;
    private int _failures;
    private long _tryAgainAt;
    private bool _saidFull;

    private static bool IsWriteFailure(Exception failure) => failure is IOException or UnauthorizedAccessException;

    // If it fails, it is removed with the next frame.
    private void SaveSettled()
    {
        if (_failures == 0 && !_unsaved.IsEmpty)
        {
            TrySave(new SpoolFrame { NextSequence = _next });
        }
    }

    private bool TryRepair()
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
