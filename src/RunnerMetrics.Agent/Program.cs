using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.ServiceDefaults;

using var stop = new StopSignal();
using var loggers = LoggerFactory.Create(logging => logging
    .AddSimpleConsole(console =>
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
    })
    .AddServiceTelemetry(AgentTelemetry.Identity));
var commands = new AgentCommandLine(RunAsync, Environment.GetEnvironmentVariable, Console.Error);
return await commands.InvokeAsync(args, Console.Out, Console.Error);

async Task<int> RunAsync(AgentOptions options)
{
    if (ServiceTelemetry.Problem is { } problem)
    {
        await Console.Error.WriteLineAsync(problem);
        return ExitCode.WrongUsage;
    }

    using var telemetry = ServiceTelemetry.Start(options.Standalone is null ? AgentTelemetry.Identity : AgentTelemetry.StandaloneIdentity);
    return await AgentApplication.RunAsync(options, loggers, TimeProvider.System, stop.Token);
}
