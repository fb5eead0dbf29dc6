using System.CommandLine;
using System.CommandLine.Help;
using RunnerMetrics.AutomationWorker;
using RunnerMetrics.AutomationWorker.Configuration;

var command = new WorkerCommand(Environment.GetEnvironmentVariable);
foreach (var serving in new[] { command.Watch, command.Audit, command.Run })
{
    serving.SetAction((parsed, stop) =>
    {
        var options = command.Read(parsed, out var problems);
        return problems.Count > 0 ? Task.FromResult(Startup.SayProblems(problems))
            : serving == command.Audit && parsed.GetValue(command.Once) ? Startup.AuditOnceAsync(options, stop)
            : Startup.RunAsync(options, stop);
    });
}

var arguments = command.Root.Parse(args);
if (arguments.Errors.Count > 0 && arguments.Action is not HelpAction)
{
    command.Read(arguments, out var problems);
    return Startup.SayProblems(problems);
}

// A test run that is under way is ended first, with all that it started.
return await arguments.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
