using System.CommandLine;
using RunnerMetrics.AutomationWorker;
using RunnerMetrics.AutomationWorker.Configuration;
using RunnerMetrics.Hosting.CommandLine;

var command = new WorkerCommand(Environment.GetEnvironmentVariable);
foreach (var serving in new[] { command.Watch, command.Audit, command.Run, command.Demo })
{
    serving.SetAction((parsed, stop) =>
    {
        var options = command.Read(parsed, out var problems);
        var log = command.ReadLog(parsed);
        return problems.Count > 0 ? Task.FromResult(UsageProblems.Write(Console.Error, problems, WorkerCommand.Program, serving))
            : serving == command.Audit && command.IsOnce(parsed) ? Startup.AuditOnceAsync(options, log, stop)
            : serving == command.Demo ? Startup.DemoAsync(options, log, stop)
            : Startup.RunAsync(options, log, stop);
    });
}

// A test run that is in progress is ended first, with all that it started.
return await command.Root.RunAsync(WorkerCommand.Program, args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
