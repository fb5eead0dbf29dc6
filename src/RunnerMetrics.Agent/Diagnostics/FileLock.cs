using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The lock that .NET takes on every file that it opens on Unix (<c>flock</c>, shared), and that ends with the process that opened it, however
/// it ends. The runner holds one on the page of its log that it writes to, and it shows in other containers too.
/// </summary>
internal static partial class FileLock
{
    private const int Exclusive = 2, DoNotWait = 4, Unlock = 8;

    /// <summary>Releases our own lock, so that only others' are visible.</summary>
    public static void Release(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Flock(handle, Unlock);
        }
    }

    /// <summary>Whether another process holds one, also on a file that was removed since; null if that cannot be told.</summary>
    public static bool? IsHeld(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (Flock(handle, Exclusive | DoNotWait) == 0)
        {
            Release(handle);
            return false;
        }

        return IsWouldBlock(Marshal.GetLastPInvokeError()) ? true : null;
    }

    // EWOULDBLOCK of Linux, and of macOS.
    private static bool IsWouldBlock(int error) => error == (OperatingSystem.IsMacOS() ? 35 : 11);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Flock(SafeFileHandle file, int operation);
}
