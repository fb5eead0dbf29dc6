using System.Runtime.InteropServices;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Simulator.CommandLine;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Simulator.Running;

if (args is [GitHubCommand.Name, .. var behind])
{
    return await GitHubCommand.Make(Environment.GetEnvironmentVariable, Console.Out).RunAsync(SimulatorCommand.Program, behind, new System.CommandLine.InvocationConfiguration());
}

var (options, exitCode) = new SimulatorCommand(Environment.GetEnvironmentVariable).Parse(args, Console.Out, Console.Error);
if (options is null)
{
    return exitCode;
}

UnknownVariables.Warn(Console.Error);

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
try
{
    var secret = options.WebhookSecretFile is { } file ? File.ReadLines(file).FirstOrDefault()?.Trim() : null;
    await using var webhooks = (options.SimulatedGitHub is { } gitHub ? new Uri(gitHub, RunnerIntake.Events) : options.WebhookUrl) is { } url
        ? new WebhookSender(url, secret, TimeProvider.System) { OnNotTaken = problem => Console.Error.WriteLine($"A webhook was not accepted: {problem}") }
        : null;
    await using var reports = options.AgentProgram is { } agent
        ? new AgentReports(agent, problem => Console.Error.WriteLine($"A report failed: {problem}"))
        : null;
    var pipeline = webhooks is null ? null : new SimulatedPipeline(webhooks.Send) { OnReport = reports is null ? null : reports.Report };
    Action<WorkflowJobNews> tell = news =>
    {
        webhooks!.Send(news);
        if (news.CompletedAt is not null)
        {
            webhooks.Send("workflow_run", WorkflowRunPayload.Of(news));
        }

        pipeline!.Follow(news);
    };
    using var gone = new CancellationTokenSource();
    var (presence, id) = (Task.CompletedTask, 1L);
    if (options.SimulatedGitHub is { } registeredAt)
    {
        var registered = new TaskCompletionSource<long>();
        presence = RunnerPresence.TellAsync(registeredAt, options.RunnerName, options.RunnerType, TimeProvider.System, registered, gone.Token);
        await Task.WhenAny(registered.Task, Task.Delay(Timeout.Infinite, stop.Token));
        id = registered.Task.IsCompleted ? await registered.Task : id;
    }

    await new SimulatedRunner(options, TimeProvider.System) { Id = id, OnJobFinished = JobReport.Write, OnWorkflowJob = webhooks is null ? null : tell }.RunAsync(stop.Token);
    await gone.CancelAsync();
    await presence;
    return ExitCode.Done;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine($"The logs cannot be written into {options.DiagDirectory}, or the secret cannot be read: {exception.Message}");
    return ExitCode.Failed;
}

void Stop(PosixSignalContext signal)
{
    // The process ends when the runner has written its last lines.
    signal.Cancel = true;
    stop.Cancel();
}
