using System.Diagnostics;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Looks for a listener process of the runner whose _diag folder it is: <c>/home/runner/bin/Runner.Listener run --startuptype service</c>. It is asked
/// only where no lock tells. That it finds none says nothing: the runner may run in another container or as somebody whom this user cannot see.
/// </summary>
internal sealed class ListenerProcess(string diag, TimeProvider time)
{
    private const string Name = "Runner.Listener";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly string _root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(diag))) ?? "/";
    private long? _lookedAt;
    private bool _isRunning;

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
            return Directory.EnumerateDirectories("/proc").Any(IsListener);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // The program is bin/Runner.Listener, or bin.2.336.0/Runner.Listener after an update; other commands than "run" never listen.
    private bool IsListener(string process)
    {
        if (!char.IsAsciiDigit(process["/proc/".Length]))
        {
            return false;
        }

        try
        {
            var command = File.ReadAllBytes($"{process}/cmdline").AsSpan();
            if (command.IndexOf("Runner.Listener"u8) < 0)
            {
                return false;
            }

            var words = Encoding.UTF8.GetString(command).Split('\0');
            return words is [var program, "run", ..] && IsOurs(program);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
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
                    // It ended, or is somebody else's.
                }
            }
        }

        return false;
    }

    private bool IsOurs(string program) =>
        Path.GetFileName(program) is Name or Name + ".exe"
        && Path.GetDirectoryName(Path.GetDirectoryName(program)) == _root;
}
