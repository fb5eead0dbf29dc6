using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>
/// The events that the collector rejected, for a person to look at: one line of JSON each, with the time, the reason and the event. When it is
/// full, it is put aside once, and what was put aside before goes.
/// <code>{"time":"2026-11-21T00:22:47Z","reason":"the event has no runner","event":{"eventId":"90b69cf1-completed", …}}</code>
/// </summary>
internal sealed class DeadLetterFile(IStorageFolder storage, TimeProvider time, ILogger logger, long maxBytes = DeadLetterFile.MaxBytes)
{
    public const string FileName = "dead-letter.jsonl";
    public const string Older = FileName + ".1";
    public const long MaxBytes = 1024 * 1024;

    /// <summary>Writes an event. A failure is logged: an invalid event must not delay the others.</summary>
    public void Add(Event rejected, string reason)
    {
        try
        {
            Write(LineOf(rejected, reason));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            SpoolLog.NoDeadLetter(logger, rejected.EventId, reason, Path.Combine(storage.Folder, FileName), failure.Message);
        }
    }

    private ReadOnlySpan<byte> LineOf(Event rejected, string reason)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow().UtcDateTime);
            json.WriteString("reason", reason);
            json.WritePropertyName("event");
            json.WriteRawValue(JsonFormatter.Default.Format(rejected));
            json.WriteEndObject();
        }

        line.Write("\n"u8);
        return line.WrittenSpan;
    }

    private void Write(ReadOnlySpan<byte> line)
    {
        var isThere = storage.List().Contains(FileName);
        var file = isThere ? storage.Append(FileName) : storage.Create(FileName);
        try
        {
            if (file.Length > 0 && file.Length + line.Length > maxBytes)
            {
                file.Dispose();
                storage.Rename(FileName, Older);
                file = storage.Create(FileName);
                isThere = false;
            }

            var length = file.Length;
            try
            {
                file.Write(line);
            }
            catch (IOException)
            {
                // Half a line would spoil the next one.
                file.Truncate(length);
                throw;
            }

            file.Sync();
        }
        finally
        {
            file.Dispose();
        }

        if (!isThere)
        {
            storage.SyncFolder();
        }
    }
}
