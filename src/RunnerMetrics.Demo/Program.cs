using System.Runtime.InteropServices;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.Demo.CommandLine;
using RunnerMetrics.Demo.Running;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.ServiceDefaults;

var (options, exitCode) = new DemoCommand().Parse(args, Console.Out, Console.Error);
if (options is null)
{
    return exitCode;
}

var problems = DemoExporter.TakenPorts(options);
foreach (var problem in problems)
{
    Console.Error.WriteLine(problem);
}

if (problems.Count > 0)
{
    return 1;
}

if (ServiceTelemetry.Problem is { } telemetryProblem)
{
    Console.Error.WriteLine(telemetryProblem);
    return 2;
}

using var exporterTelemetry = ServiceTelemetry.Start(ExporterTelemetry.Identity);
using var agentTelemetry = ServiceTelemetry.Start(AgentTelemetry.Identity);

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    return await new DemoRun(options, Console.Out).RunAsync(stop.Token);
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException)
{
    Console.Error.WriteLine($"The demo cannot go on: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
