using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>A folder whose operations fail when a test wants them to, and whose disk can be full.</summary>
internal sealed class FaultyFolder(IStorageFolder inner) : IStorageFolder
{
    /// <summary>Error codes as .NET puts them into HResult.</summary>
    public const int InputOutput = 5, NoSpace = 28;

    public string Folder => inner.Folder;

    /// <summary>How many bytes still fit on the disk; null if there is no end. What does not fit is left out, what does is written.</summary>
    public long? Room { get; set; }

    /// <summary>Asked before every operation; what it returns is thrown instead.</summary>
    public Func<StorageOperation, string, Exception?> Fault { get; set; } = (_, _) => null;

    public static IOException Full() => new("No space left on device", NoSpace);

    public static IOException Broken() => new("Input/output error", InputOutput);

    public IReadOnlyList<string> List() => inner.List();

    public Stream OpenRead(string name) => inner.OpenRead(name);

    public IStorageFile Create(string name)
    {
        Check(StorageOperation.Create, name);
        return new FaultyFile(this, name, inner.Create(name));
    }

    public IStorageFile Append(string name)
    {
        Check(StorageOperation.Append, name);
        return new FaultyFile(this, name, inner.Append(name));
    }

    public void Rename(string name, string newName)
    {
        Check(StorageOperation.Rename, name);
        inner.Rename(name, newName);
    }

    public void Delete(string name)
    {
        Check(StorageOperation.Delete, name);
        inner.Delete(name);
    }

    public void SyncFolder()
    {
        Check(StorageOperation.SyncFolder, "");
        inner.SyncFolder();
    }

    private void Check(StorageOperation operation, string name)
    {
        if (Fault(operation, name) is { } fault)
        {
            throw fault;
        }
    }

    private sealed class FaultyFile(FaultyFolder folder, string name, IStorageFile file) : IStorageFile
    {
        public long Length => file.Length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            folder.Check(StorageOperation.Write, name);
            var fits = (int)Math.Min(bytes.Length, folder.Room ?? bytes.Length);
            file.Write(bytes[..fits]);
            folder.Room -= fits;
            if (fits < bytes.Length)
            {
                throw Full();
            }
        }

        public void Sync()
        {
            folder.Check(StorageOperation.Sync, name);
            file.Sync();
        }

        public void Truncate(long length)
        {
            folder.Check(StorageOperation.Truncate, name);
            file.Truncate(length);
        }

        public void Dispose() => file.Dispose();
    }
}
