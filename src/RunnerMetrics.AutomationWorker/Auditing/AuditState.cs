using System.Text.Json;
using System.Text.Json.Serialization;

namespace RunnerMetrics.AutomationWorker.Auditing;

/// <summary>What audits have seen: so that each commit and each marker counts once.</summary>
internal sealed class AuditState
{
    /// <summary>The commits that the branches and tags pointed to, or null before the first audit.</summary>
    public IReadOnlyList<string>? Tips { get; set; }

    /// <summary>The markers that were counted.</summary>
    public HashSet<string> Markers { get; init; } = new(StringComparer.Ordinal);

    /// <summary>What a file keeps; nothing if there is none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="JsonException">The file holds something else.</exception>
    public static AuditState Load(string? path)
    {
        if (path is null || !File.Exists(path))
        {
            return new AuditState();
        }

        using var file = File.OpenRead(path);
        return JsonSerializer.Deserialize(file, AuditStateJson.Default.AuditState) ?? new AuditState();
    }

    /// <summary>Keeps it in a file, whole: another file takes the old one's place.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string? path)
    {
        if (path is null)
        {
            return;
        }

        var fresh = path + ".new";
        using (var file = File.Create(fresh))
        {
            JsonSerializer.Serialize(file, this, AuditStateJson.Default.AuditState);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}

[JsonSerializable(typeof(AuditState))]
internal sealed partial class AuditStateJson : JsonSerializerContext;
