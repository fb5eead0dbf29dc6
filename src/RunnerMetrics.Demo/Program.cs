using System.Runtime.InteropServices;
using RunnerMetrics.Agent;
using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Demo.Running;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.ServiceDefaults;

var (options, exitCode) = new DemoCommand(Environment.GetEnvironmentVariable).Parse(args, Console.Out, Console.Error);
if (options is null)
{
    return exitCode;
}

UnknownVariables.Warn(Console.Error);

var problems = DemoExporter.TakenPorts(options);
foreach (var problem in problems)
{
    Console.Error.WriteLine(problem);
}

if (problems.Count > 0)
{
    return ExitCode.Failed;
}

if (OtlpEndpoint.Problem is { } telemetryProblem)
{
    Console.Error.WriteLine(telemetryProblem);
    return ExitCode.WrongUsage;
}

// The agents' telemetry; the exporter brings its own. Nothing of either is written to the terminal, which shows the summary.
using var agents = AgentHost.CreateBuilder().Build();
await agents.StartAsync();

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    exitCode = await new DemoRun(options, agents.Services.GetRequiredService<ILoggerFactory>(), Console.Out).RunAsync(stop.Token);
    await agents.StopAsync();
    return exitCode;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException)
{
    Console.Error.WriteLine($"The demo cannot continue: {exception.Message}");
    return ExitCode.Failed;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
