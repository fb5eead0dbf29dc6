using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;

var command = new ExporterCommand(Environment.GetEnvironmentVariable);
command.Root.SetAction(async (parsed, stop) =>
{
    var options = command.Read(parsed, out var problems);
    return problems.Count > 0 ? Startup.SayProblems(problems) : await Startup.RunAsync(options, stop);
});

var arguments = command.Root.Parse(args);
return arguments.Errors.Count > 0
    ? Startup.SayProblems([.. arguments.Errors.Select(error => error.Message)])
    : await arguments.InvokeAsync();
