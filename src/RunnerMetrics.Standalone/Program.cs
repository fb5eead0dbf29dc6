using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.ServiceDefaults;
using RunnerMetrics.Standalone;
using RunnerMetrics.Standalone.Configuration;

return await new StandaloneCommandLine(RunAsync, Environment.GetEnvironmentVariable).InvokeAsync(args, Console.Out, Console.Error);

static async Task<int> RunAsync(StandaloneOptions options)
{
    if (OtlpEndpoint.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return 2;
    }

    using var host = AgentHost.CreateBuilder().LogToConsole().Build();
    await host.StartAsync();
    var stop = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
    var exitCode = await StandaloneApplication.RunAsync(options, host.Services.GetRequiredService<ILoggerFactory>(), TimeProvider.System, stop);
    await host.StopAsync();
    return exitCode;
}
