using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Agent.Files;

/// <summary>
/// Opens a file that anybody may have put there. A link is not followed, a pipe is not waited for, and what is no regular file is refused.
/// </summary>
internal static partial class UntrustedFile
{
    /// <summary>Opens a regular file for reading; writers are not kept from it, and no lock is left on it.</summary>
    /// <exception cref="FileNotFoundException">It is gone.</exception>
    /// <exception cref="NotSupportedException">It is not a regular file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    public static SafeFileHandle Open(string path)
    {
        var handle = OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()
            ? OpenOnUnix(path)
            : File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            // A pipe or a socket has no length.
            _ = RandomAccess.GetLength(handle);
            return (File.GetAttributes(handle) & FileAttributes.Directory) == 0
                ? handle
                : throw new NotSupportedException($"{path} is a folder.");
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The file's content; null if it is missing; empty if it is not a file, empty, or too long.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to read it.</exception>
    public static byte[]? Read(string path, int limit)
    {
        try
        {
            using var handle = Open(path);
            var length = RandomAccess.GetLength(handle);
            if (length <= 0 || length > limit)
            {
                return [];
            }

            var content = new byte[length];
            var read = 0;
            while (read < content.Length && RandomAccess.Read(handle, content.AsSpan(read), read) is > 0 and var more)
            {
                read += more;
            }

            return read == content.Length ? content : content[..read];
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (NotSupportedException)
        {
            return [];
        }
    }

    [UnsupportedOSPlatform("windows")]
    private static SafeFileHandle OpenOnUnix(string path)
    {
        const int NoSuchFile = 2;
        const int NoSuchDevice = 6;
        const int NotPermitted = 13;
        var handle = Native.Open(path, OpenFlags());
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        var error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            NoSuchFile => new FileNotFoundException(),
            NotPermitted => new UnauthorizedAccessException($"{path} must not be read: no permission."),
            NoSuchDevice => new NotSupportedException($"{path} is not a regular file."),
            _ when error == (OperatingSystem.IsMacOS() ? 62 : 40) => new NotSupportedException($"{path} is a link."),
            _ => new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
        };
    }

    // O_NONBLOCK, O_CLOEXEC and O_NOFOLLOW, whose numbers differ.
    private static int OpenFlags() =>
        OperatingSystem.IsMacOS() ? 0x4 | 0x1000000 | 0x100
        : RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x800 | 0x80000 | 0x8000
        : 0x800 | 0x80000 | 0x20000;

    [UnsupportedOSPlatform("windows")]
    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags);
    }
}
