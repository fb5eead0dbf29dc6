using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Stack;

try
{
    var builder = DistributedApplication.CreateBuilder(DashboardKeys.AddTo(args));
    var settings = StackSettings.Read(builder.Configuration);
    var machine = builder.ExecutionContext.IsRunMode ? await MachineCheck.RunAsync(builder, settings, CancellationToken.None) : LocalMachine.WithEverything;
    builder.AddRunnerMetrics(settings, machine);
    await using var app = builder.Build();
    await app.RunAsync();
    return 0;
}
catch (StackProblemsException found)
{
    await Console.Error.WriteLineAsync(found.Message);
    return 2;
}
