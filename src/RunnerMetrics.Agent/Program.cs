using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;
using RunnerMetrics.ServiceDefaults;

using var stop = new StopSignal();
var commands = new AgentCommandLine(RunAsync, Environment.GetEnvironmentVariable, Console.Error);
return await commands.InvokeAsync(args, Console.Out, Console.Error);

async Task<int> RunAsync(AgentOptions options)
{
    if (OtlpEndpoint.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return ExitCode.WrongUsage;
    }

    using var host = AgentHost.Build(logging => logging.AddProgramConsole(options.Log));
    UnknownVariables.Warn(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("RunnerMetrics.Agent"));
    await host.StartAsync();
    var exitCode = await AgentApplication.RunAsync(options, host.Services.GetRequiredService<ILoggerFactory>(), TimeProvider.System, stop.Token);
    await host.StopAsync();
    return exitCode;
}
