using System.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>The AppHost as a person starts it, with its dashboard, on ports of its own.</summary>
internal sealed class StartedAppHost : IAsyncDisposable
{
    private StartedAppHost(RunningProgram program) => (Program, Remains) = (program, new StackRemains(program.Id));

    public RunningProgram Program { get; }

    public StackRemains Remains { get; }

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

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}
