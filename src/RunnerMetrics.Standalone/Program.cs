using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.ServiceDefaults;
using RunnerMetrics.Standalone;
using RunnerMetrics.Standalone.Configuration;

return await new StandaloneCommandLine(RunAsync, Environment.GetEnvironmentVariable).InvokeAsync(args, Console.Out, Console.Error);

static async Task<int> RunAsync(StandaloneOptions options)
{
    if (OtlpEndpoint.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return ExitCode.WrongUsage;
    }

    using var host = AgentHost.CreateBuilder().LogToConsole(options.Agent.Log).Build();
    UnknownVariables.Warn(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("RunnerMetrics.Standalone"));
    await host.StartAsync();
    var stop = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    var exitCode = await StandaloneApplication.RunAsync(options, host.Services.GetRequiredService<ILoggerFactory>(), TimeProvider.System, stop);
    await host.StopAsync();
    return exitCode;
}
