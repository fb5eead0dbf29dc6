using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.ServiceDefaults;
using RunnerMetrics.Standalone;
using RunnerMetrics.Standalone.Configuration;

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await new StandaloneCommandLine(RunAsync, Environment.GetEnvironmentVariable).InvokeAsync(args, Console.Out, Console.Error);

async Task<int> RunAsync(StandaloneOptions options)
{
    if (OtlpEndpoint.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return 2;
    }

    using var host = AgentHost.Build(logging => logging.AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
    }).EscapeConsole());
    await host.StartAsync();
    var exitCode = await StandaloneApplication.RunAsync(options, host.Services.GetRequiredService<ILoggerFactory>(), TimeProvider.System, stop.Token);
    await host.StopAsync();
    return exitCode;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
