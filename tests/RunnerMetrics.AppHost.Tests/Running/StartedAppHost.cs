using System.Diagnostics;
using System.Globalization;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The AppHost as a person starts it, with its dashboard, on ports of its own.</summary>
internal sealed class StartedAppHost : IAsyncDisposable
{
    private readonly string _folder;

    private StartedAppHost(RunningProgram program)
    {
        Program = program;
        _folder = $"runner-metrics-stack-{program.Id.ToString(CultureInfo.InvariantCulture)}-";
    }

    public RunningProgram Program { get; }

    public static StartedAppHost Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(AppHostProgram.Dotnet, [AppHostProgram.Path, .. arguments]);
        foreach (var variable in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"])
        {
            start.Environment[variable] = $"http://localhost:{Ports.Reserve()}";
        }

        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DcpPublisher__RandomizePorts"] = "true";
        return new StartedAppHost(RunningProgram.Start(start));
    }

    /// <summary>Presses Ctrl-C, and waits until it has ended.</summary>
    public async Task<int> StopAsync()
    {
        // A shell that started the tests in the background has all below it ignore Ctrl-C.
        var ignored = Convert.ToUInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        await Program.SignalAsync((ignored & 2) == 0 ? "INT" : "TERM");
        return (await Program.EndAsync()).ExitCode;
    }

    /// <summary>Waits until nothing is left of it: no process, no folder.</summary>
    public Task UntilNothingIsLeftAsync() => Until.TrueAsync(() => Task.FromResult(!Left().Any()), () => $"left are {string.Join(", ", Left())}");

    /// <summary>Waits until none of the programs that it started runs.</summary>
    public Task UntilNoProgramIsLeftAsync() => Until.TrueAsync(() => Task.FromResult(!ProgramsLeft().Any()), () => $"left are {string.Join(", ", ProgramsLeft())}");

    public ValueTask DisposeAsync() => Program.DisposeAsync();

    private IEnumerable<string> Left() => Directory.EnumerateDirectories(Path.GetTempPath(), _folder + "*").Concat(ProgramsLeft());

    private IEnumerable<string> ProgramsLeft()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            if (Reads(Path.Combine(process, "environ")).Contains(_folder, StringComparison.Ordinal) || Reads(Path.Combine(process, "cmdline")).Contains(_folder, StringComparison.Ordinal))
            {
                yield return $"{Path.GetFileName(process)} ({Reads(Path.Combine(process, "comm")).Trim()})";
            }
        }
    }

    private static string Reads(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended, or belongs to somebody else.
            return "";
        }
    }
}
