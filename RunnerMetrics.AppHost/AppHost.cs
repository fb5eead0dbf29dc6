using RunnerMetrics.AppHost.Preflight;
using RunnerMetrics.AppHost.Stack;

try
{
    // Nothing here speaks TLS, so that nobody has to trust a certificate first.
    var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { Args = args, TrustDeveloperCertificate = false });
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
