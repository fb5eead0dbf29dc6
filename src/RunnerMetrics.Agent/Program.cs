using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent;
using RunnerMetrics.Agent.Configuration;

using var stop = new StopSignal();
using var loggers = LoggerFactory.Create(logging => logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.UseUtcTimestamp = true;
    console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
}));
var commands = new AgentCommandLine(
    options => AgentApplication.RunAsync(options, loggers, TimeProvider.System, stop.Token),
    Environment.GetEnvironmentVariable,
    Console.Error);
return await commands.InvokeAsync(args, Console.Out, Console.Error);
