using System.CommandLine.Help;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;

var command = new ExporterCommand(Environment.GetEnvironmentVariable);
command.Root.SetAction((parsed, stop) =>
{
    var options = command.Read(parsed, out var problems);
    return problems.Count > 0 ? Task.FromResult(Startup.SayProblems(problems)) : Startup.RunAsync(options, stop);
});

var arguments = command.Root.Parse(args);
if (arguments.Errors.Count > 0 && arguments.Action is not HelpAction)
{
    command.Read(arguments, out var problems);
    return Startup.SayProblems(problems);
}

return await arguments.InvokeAsync();
