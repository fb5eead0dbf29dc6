using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// Reads a file that anybody may have put there. A link is not followed, a pipe is not waited for, and what is longer than a limit is not read.
/// </summary>
internal static partial class UntrustedFile
{
    /// <summary>The file's content; nothing where it is gone; empty where it is no file, empty, or too long.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[]? Read(string path, int limit)
    {
        try
        {
            using var handle = OperatingSystem.IsLinux() ? OpenOnLinux(path) : File.OpenHandle(path, options: FileOptions.None);
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
            // A pipe or a socket: it has no length.
            return [];
        }
    }

    [SupportedOSPlatform("linux")]
    private static SafeFileHandle OpenOnLinux(string path)
    {
        const int DoNotWait = 0x800;
        const int CloseOnExec = 0x80000;
        const int NoSuchFile = 2;
        const int LinkMet = 40;
        const int NoSuchDevice = 6;
        var doNotFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm or Architecture.Arm64 ? 0x8000 : 0x20000;
        var handle = Native.Open(path, DoNotWait | CloseOnExec | doNotFollow);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        throw Marshal.GetLastPInvokeError() switch
        {
            NoSuchFile => new FileNotFoundException(),
            LinkMet or NoSuchDevice => new NotSupportedException(),
            var error => new IOException($"{path} cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}."),
        };
    }

    [SupportedOSPlatform("linux")]
    private static partial class Native
    {
        [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
        public static partial SafeFileHandle Open(string path, int flags);
    }
}
