using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;
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
        return ExitCode.WrongUsage;
    }

    using var host = AgentHost.Build(logging => logging.AddProgramConsole(options.Agent.Log));
    UnknownVariables.Warn(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("RunnerMetrics.Standalone"));
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
