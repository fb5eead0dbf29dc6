using System.CommandLine;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Forgetting;
using RunnerMetrics.Exporter.GitHub;
using RunnerMetrics.Exporter.Local;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.CommandLine;

var command = new ExporterCommand(Environment.GetEnvironmentVariable);
command.Root.SetAction((parsed, stop) =>
{
    var options = command.Read(parsed, out var problems);
    return problems.Count > 0 ? Task.FromResult(WrongUsage.Write(problems)) : Startup.RunAsync(options, command.ReadLog(parsed), stop);
});

var health = new Command("health", "Checks whether the exporter on this machine is alive, at the address from the environment: exits with 0 if it is, 1 if not.");
health.SetAction((_, stop) => HealthCheck.RunAsync(command.Read(command.Root.Parse([]), out var _), stop));
command.Root.Add(health);
command.Root.Add(ForgetCommand.Make(command));
command.Root.Add(StoreCommand.Make(command));
command.Root.Add(GitHubCommand.Make(command));

// The host limits how long an end may take, and leaves a snapshot; it is not to be ended in the middle of that.
return await command.Root.RunAsync(ExporterCommand.Program, args, new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(30) });
