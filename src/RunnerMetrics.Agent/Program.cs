using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.ServiceDefaults;

return await new AgentCommandLine(RunAsync, Environment.GetEnvironmentVariable, Console.Error).InvokeAsync(args, Console.Out, Console.Error);

static async Task<int> RunAsync(AgentOptions options)
{
    if (OtlpEndpoint.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return ExitCode.WrongUsage;
    }

    var builder = AgentHost.CreateBuilder().LogToConsole(options.Log);
    builder.Services.AddAgent(options);
    using var host = builder.Build();
    UnknownVariables.Warn(host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("RunnerMetrics.Agent"));
    return await AgentApplication.RunAsync(host, CancellationToken.None);
}
