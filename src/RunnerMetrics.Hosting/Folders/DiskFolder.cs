using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Hosting.Folders;

/// <summary>Files on a disk. It holds the folder's lock: two writers would overwrite each other's data.</summary>
public sealed partial class DiskFolder : IStorageFolder, IDisposable
{
    private const string LockName = "lock";

    private readonly FileStream _lock;

    private DiskFolder(string folder, FileStream @lock)
    {
        Folder = folder;
        _lock = @lock;
    }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <summary>Opens a folder, which is created if it is missing.</summary>
    /// <param name="folder">Its path.</param>
    /// <param name="program">Who opens it, for messages: <c>exporter</c>.</param>
    /// <param name="option">The option that names it, for messages: <c>--data</c>.</param>
    /// <exception cref="StorageException">Another process has it, or it cannot be written to.</exception>
    public static DiskFolder Open(string folder, string program, string option)
    {
        try
        {
            CreateDurably(Path.GetFullPath(folder));
            var @lock = new FileStream(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            PrivateFolder.Restrict(@lock.SafeFileHandle);
            return new DiskFolder(folder, @lock);
        }
        catch (IOException e) when (IsLocked(e))
        {
            throw new StorageException($"{folder} is in use by another {program} ({e.Message}): stop it, or give this one another {option}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{folder} is not writable ({e.Message}): give {option} a folder that this user can write to", e);
        }
    }

    /// <summary>Whether <see cref="Open"/> failed because another process has the folder.</summary>
    public static bool IsInUse(Exception failure) => failure is StorageException { InnerException: IOException cause } && IsLocked(cause);

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. Directory.EnumerateFiles(Folder).Select(path => Path.GetFileName(path)).Where(name => name != LockName)];

    /// <inheritdoc/>
    public Stream OpenRead(string name) => new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);

    /// <inheritdoc/>
    public IStorageFile Create(string name) => new DiskFile(PrivateFolder.Restrict(File.OpenHandle(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read)), 0);

    /// <inheritdoc/>
    public IStorageFile Append(string name)
    {
        var handle = File.OpenHandle(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.Read);
        return new DiskFile(handle, RandomAccess.GetLength(handle));
    }

    /// <inheritdoc/>
    public void Rename(string name, string newName) => File.Move(PathOf(name), PathOf(newName), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(PathOf(name));

    /// <inheritdoc/>
    // .NET opens no folders, and Windows makes renames durable by itself.
    public void SyncFolder() => Sync(Folder);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int ReadOnly = 0;
        var folder = Native.Open(path, ReadOnly);
        var error = Marshal.GetLastPInvokeError();
        if (folder < 0)
        {
            throw new IOException($"{path} cannot be opened to make its entries durable (errno {error})", error);
        }

        var synced = Native.Fsync(folder);
        error = Marshal.GetLastPInvokeError();
        _ = Native.Close(folder);
        if (synced != 0)
        {
            throw new IOException($"{path} could not be made durable (errno {error})", error);
        }
    }

    // What a folder holds is as durable as the folder's own entry in the one above.
    private static void CreateDurably(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var above = Path.GetDirectoryName(folder);
        if (above is not null)
        {
            CreateDurably(above);
        }

        PrivateFolder.Create(folder);
        if (above is not null)
        {
            Sync(above);
        }
    }

    // EWOULDBLOCK on Linux and on macOS, which .NET keeps as it is in HResult, and ERROR_SHARING_VIOLATION.
    private static bool IsLocked(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020);

    private string PathOf(string name) => Path.Combine(Folder, name);

    private sealed class DiskFile(SafeFileHandle handle, long length) : IStorageFile
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
