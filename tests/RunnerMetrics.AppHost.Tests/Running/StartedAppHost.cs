using System.Diagnostics;
using System.Globalization;
using System.Text;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The AppHost as a person starts it, with its dashboard, on ports of its own.</summary>
internal sealed class StartedAppHost : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private StartedAppHost(Process process)
    {
        _process = process;
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Folder => $"runner-metrics-stack-{_process.Id.ToString(CultureInfo.InvariantCulture)}-";

    public static StartedAppHost Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(AppHostProgram.Dotnet, [AppHostProgram.Path, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in (string[])["ASPNETCORE_URLS", "ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"])
        {
            start.Environment[variable] = $"http://localhost:{Ports.Reserve()}";
        }

        start.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DcpPublisher__RandomizePorts"] = "true";
        return new StartedAppHost(Process.Start(start)!);
    }

    /// <summary>Waits until a line of its output has some text.</summary>
    /// <returns>The rest of the line.</returns>
    public async Task<string> UntilItSaysAsync(string text)
    {
        string? line = null;
        await Until.TrueAsync(
            () =>
            {
                line = Said.Split('\n').FirstOrDefault(said => said.Contains(text, StringComparison.Ordinal));
                return Task.FromResult(line is not null || _process.HasExited);
            },
            () => $"the AppHost does not say '{text}'; it says: {Said}");
        Assert.True(line is not null, $"The AppHost ended with {(_process.HasExited ? _process.ExitCode : 0)}: {Said}");
        return line![(line!.IndexOf(text, StringComparison.Ordinal) + text.Length)..].Trim();
    }

    /// <summary>Presses Ctrl-C, and waits until it has ended.</summary>
    public async Task<int> StopAsync()
    {
        // A shell that started the tests in the background has all below it ignore Ctrl-C.
        var ignored = Convert.ToUInt64(File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim(), 16);
        using var kill = Process.Start("kill", [(ignored & 2) == 0 ? "-INT" : "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Cancelled);
        await _process.WaitForExitAsync(Cancelled);
        return _process.ExitCode;
    }

    /// <summary>Waits until nothing is left of it: no process, no folder.</summary>
    public Task UntilNothingIsLeftAsync() => Until.TrueAsync(() => Task.FromResult(!Left().Any()), () => $"left are {string.Join(", ", Left())}");

    /// <summary>Waits until none of the programs that it started runs.</summary>
    public Task UntilNoProgramIsLeftAsync() => Until.TrueAsync(() => Task.FromResult(!ProgramsLeft().Any()), () => $"left are {string.Join(", ", ProgramsLeft())}");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private IEnumerable<string> Left() => Directory.EnumerateDirectories(Path.GetTempPath(), Folder + "*").Concat(ProgramsLeft());

    private IEnumerable<string> ProgramsLeft()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])))
        {
            if (Reads(Path.Combine(process, "environ")).Contains(Folder, StringComparison.Ordinal) || Reads(Path.Combine(process, "cmdline")).Contains(Folder, StringComparison.Ordinal))
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

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_said)
        {
            _said.Append(line.Data).Append('\n');
        }
    }
}
