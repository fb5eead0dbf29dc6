using System.Runtime.InteropServices;
using RunnerMetrics.Simulator.CommandLine;
using RunnerMetrics.Simulator.Running;

var (options, exitCode) = new SimulatorCommand(Environment.GetEnvironmentVariable).Parse(args, Console.Out, Console.Error);
if (options is null)
{
    return exitCode;
}

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    await new SimulatedRunner(options, TimeProvider.System) { OnJobFinished = JobReport.Write }.RunAsync(stop.Token);
    return 0;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"The logs cannot be written into {options.DiagDirectory}: {exception.Message}");
    return 1;
}

void Stop(PosixSignalContext signal)
{
    // The process ends when the runner has written its last lines.
    signal.Cancel = true;
    stop.Cancel();
}
