using System.Diagnostics;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Looks for a listener process of the runner whose _diag folder it is: <c>/home/runner/bin/Runner.Listener run --startuptype service</c>. It is asked
/// only if no lock is visible. If it finds none, that proves nothing: the runner may run in another container or as a user whose processes are not visible.
/// </summary>
internal sealed class ListenerProcess(string diag, TimeProvider time)
{
    private const string Name = "Runner.Listener";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _root = RunnerFolder.Of(diag).Path;
    private long? _lookedAt;
    private bool _isRunning;

    /// <summary>The folders of the runners whose listeners run on this machine, as far as this user can see.</summary>
    public static IReadOnlyList<string> RunningFolders()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? [.. Directory.EnumerateDirectories("/proc").Select(ProgramOf).OfType<string>().Select(FolderOf).OfType<string>().Distinct().Order(StringComparer.Ordinal)]
                : [];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    public bool IsRunning()
    {
        if (_lookedAt is not { } at || time.GetElapsedTime(at) >= Interval)
        {
            _lookedAt = time.GetTimestamp();
            _isRunning = OperatingSystem.IsLinux() ? IsRunningOnLinux() : IsRunningElsewhere();
        }

        return _isRunning;
    }

    private bool IsRunningOnLinux()
    {
        try
        {
            return Directory.EnumerateDirectories("/proc").Any(process => ProgramOf(process) is { } program && IsOurs(program));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The program is bin/Runner.Listener, or bin.2.336.0/Runner.Listener after an update; other commands than "run" never listen.
    private static string? ProgramOf(string process)
    {
        if (!char.IsAsciiDigit(process["/proc/".Length]))
        {
            return null;
        }

        try
        {
            var command = File.ReadAllBytes($"{process}/cmdline").AsSpan();
            if (command.IndexOf("Runner.Listener"u8) < 0)
            {
                return null;
            }

            var words = Encoding.UTF8.GetString(command).Split('\0');
            return words is [var program, "run", ..] && IsListener(program) ? program : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private bool IsRunningElsewhere()
    {
        foreach (var process in Process.GetProcessesByName(Name))
        {
            using (process)
            {
                try
                {
                    if (process.MainModule is { } module && IsOurs(module.FileName))
                    {
                        return true;
                    }
                }
                catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
                {
                    // It ended, or belongs to another user.
                }
            }
        }

        return false;
    }

    private static bool IsListener(string program) => Path.GetFileName(program) is Name or Name + ".exe";

    private static string? FolderOf(string program) => Path.GetDirectoryName(Path.GetDirectoryName(program));

    private bool IsOurs(string program) => IsListener(program) && FolderOf(program) == _root;
}
