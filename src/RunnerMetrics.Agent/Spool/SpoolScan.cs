using RunnerMetrics.Agent.Spool.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Spool;

/// <summary>Reads all of a spool's file, over damage too.</summary>
/// <param name="HasHeader">Whether it begins as such a file does.</param>
/// <param name="TornBytes">How many bytes at the end are a torn write, or damage of the last one: they cannot be distinguished.</param>
/// <param name="DamagedBytes">How many bytes in front of sound frames cannot be read.</param>
/// <param name="OtherVersion">The format's version, if it is one that this agent does not know; nothing was read then.</param>
internal sealed record SpoolScan(bool HasHeader, long TornBytes, long DamagedBytes, int? OtherVersion)
{
    public bool IsClean => this is { HasHeader: true, TornBytes: 0, DamagedBytes: 0, OtherVersion: null };

    /// <summary>Hands over every frame that can be read, in order.</summary>
    /// <param name="storage">The folder.</param>
    /// <param name="name">The file.</param>
    /// <param name="limit">How many bytes of it must be believed; null: all.</param>
    /// <param name="take">Takes a frame, and whether it stands behind damage.</param>
    public static SpoolScan Read(IStorageFolder storage, string name, long? limit, Action<SpoolFrame, bool> take)
    {
        var stream = storage.OpenRead(name);
        using var reader = new SpoolReader(stream, Math.Min(limit ?? long.MaxValue, stream.Length));
        var version = reader.ReadHeader();
        if (version is not null)
        {
            if (version != SpoolFormat.Header[^1])
            {
                return new SpoolScan(true, 0, 0, version);
            }

            while (reader.Read() is { } frame)
            {
                take(frame, false);
            }

            if (reader.IsAtEnd)
            {
                return new SpoolScan(true, 0, 0, null);
            }
        }

        var rest = reader.ReadRest();
        var end = FrameReader.Read(rest, payload =>
        {
            if (SpoolFormat.TryParse(payload) is not { } frame)
            {
                return false;
            }

            take(frame, true);
            return true;
        });
        return new SpoolScan(version is not null, rest.Length - end.SoundLength, end.SkippedBytes, null);
    }
}
