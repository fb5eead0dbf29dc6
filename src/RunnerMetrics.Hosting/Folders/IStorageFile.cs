namespace RunnerMetrics.Hosting.Folders;

/// <summary>A file that is written to at its end. What was written is durable only after <see cref="Sync"/>.</summary>
public interface IStorageFile : IDisposable
{
    /// <summary>How many bytes the file has.</summary>
    long Length { get; }

    /// <summary>Writes behind the end.</summary>
    /// <exception cref="IOException">Not, or not all, was written.</exception>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Makes what was written durable.</summary>
    /// <exception cref="IOException">It may not be durable, and a second try would not tell.</exception>
    void Sync();

    /// <summary>Cuts the file to a length that it had before.</summary>
    void Truncate(long length);
}
