using Microsoft.Win32.SafeHandles;

namespace RunnerMetrics.Hosting.Folders;

/// <summary>What only the user who runs the program can read and write, whatever the umask: names of repositories and runners are not everybody's.</summary>
public static class PrivateFolder
{
    private const UnixFileMode OfFolders = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OfFiles = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder and those above it, where they are missing, with mode 0700. One that is there stays as it is.</summary>
    /// <param name="folder">Its path.</param>
    public static void Create(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OfFolders);
        }
    }

    /// <summary>Gives a file that was opened mode 0600.</summary>
    /// <param name="file">The file, while nothing is written to it yet.</param>
    public static SafeFileHandle Restrict(SafeFileHandle file)
    {
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, OfFiles);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It was there, and is another user's who lets this one write to it; or its file system knows no modes.
        }

        return file;
    }
}
