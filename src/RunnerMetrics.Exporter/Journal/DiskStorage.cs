using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>A journal's files on a disk. It holds the folder's lock: two writers would lose what each other writes.</summary>
internal sealed partial class DiskStorage : IJournalStorage, IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private DiskStorage(string folder, FileStream @lock)
    {
        Folder = folder;
        _lock = @lock;
    }

    public string Folder { get; }

    /// <summary>Opens a folder, which is made where it is missing.</summary>
    /// <exception cref="JournalException">Another exporter has it, or it cannot be written to.</exception>
    public static DiskStorage Open(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new DiskStorage(folder, new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e) when (File.Exists(Path.Combine(folder, LockName)))
        {
            throw new JournalException($"{folder} is in use by another exporter ({e.Message}): end it, or give this one another --data", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalException($"{folder} cannot be written to ({e.Message}): give --data a folder that this user can write to", e);
        }
    }

    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name != LockName)];

    public Stream OpenRead(string name) => new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);

    public IJournalFile Create(string name) => new DiskFile(File.OpenHandle(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read), 0);

    public IJournalFile Append(string name)
    {
        var handle = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.Read);
        return new DiskFile(handle, RandomAccess.GetLength(handle));
    }

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    // .NET opens no folders, and Windows makes renames durable by itself.
    public void SyncFolder()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        var folder = Native.Open(Folder, ReadOnly);
        if (folder < 0)
        {
            throw new IOException($"{Folder} cannot be opened to make its entries durable (errno {Marshal.GetLastPInvokeError()})");
        }

        var synced = Native.Fsync(folder);
        var error = Marshal.GetLastPInvokeError();
        _ = Native.Close(folder);
        if (synced != 0)
        {
            throw new IOException($"{Folder} could not be made durable (errno {error})");
        }
    }

    public void Dispose() => _lock.Dispose();

    private string PathOf(string name) => Path.Combine(Folder, name);

    private sealed class DiskFile(SafeFileHandle handle, long length) : IJournalFile
    {
        public long Length { get; private set; } = length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            RandomAccess.Write(handle, bytes, Length);
            Length += bytes.Length;
        }

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Truncate(long length)
        {
            RandomAccess.SetLength(handle, length);
            Length = length;
        }

        public void Dispose() => handle.Dispose();
    }

    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial int Open(string path, int flags);

        [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
        public static partial int Fsync(int file);

        [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
        public static partial int Close(int file);
    }
}
