using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// How far the logs are read and delivered, kept in one small file that is replaced as a whole. Without it, everything is read again, which
/// costs time and changes nothing: the same logs give the same events, with the same ids.
/// </summary>
internal sealed class CheckpointFile(string spool, ILogger logger)
{
    private readonly string _path = Path.Combine(spool, "checkpoint.json");
    private DiagCheckpoint? _saved;
    private bool _failing;

    public DiagCheckpoint? Load()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return null;
            }

            using var file = File.OpenRead(_path);
            var loaded = JsonSerializer.Deserialize(file, CheckpointJson.Default.DiagCheckpoint);
            if (loaded is not { Listener: { File: not null, Offset: >= 0 }, Worker: { File: not null, Offset: >= 0 } })
            {
                DiagnosticsLog.CheckpointUnusable(logger, _path, "It holds no position.");
                return null;
            }

            _saved = loaded;
            return loaded;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException or NotSupportedException)
        {
            DiagnosticsLog.CheckpointUnusable(logger, _path, failure.Message);
            return null;
        }
    }

    public void Save(DiagCheckpoint checkpoint)
    {
        if (checkpoint == _saved)
        {
            return;
        }

        try
        {
            var aside = _path + ".new";
            using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(file, checkpoint, CheckpointJson.Default.DiagCheckpoint);
                file.Flush(flushToDisk: true);
            }

            File.Move(aside, _path, overwrite: true);
            _saved = checkpoint;
            _failing = false;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
            {
                DiagnosticsLog.CheckpointNotWritten(logger, _path, failure.Message);
            }

            _failing = true;
        }
    }
}
