using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Containers;

/// <summary>The docker program, with whatever engine it is set to, and the images that <c>tests/containers/build.sh</c> built there.</summary>
internal static class Docker
{
    public const string Exporter = "runner-metrics-test/exporter";
    public const string Agent = "runner-metrics-test/agent";
    public const string Runner = "runner-metrics-test/runner-standard";
    public const string Prometheus = "runner-metrics-test/prometheus";
    public const string Alertmanager = "runner-metrics-test/alertmanager";

    private const string Wanted = "RUNNER_METRICS_CONTAINERS";

    /// <summary>Building images takes minutes and gigabytes, so it is done where it is asked for. There an image that is missing is a failure.</summary>
    public static async Task SkipWhereNotWantedAsync(CancellationToken cancelled)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable(Wanted) == "1", $"Containers are run where {Wanted}=1 is set: run ./test.sh --containers");
        var info = await ProcessRun.RunAsync("docker", ["info", "--format", "{{.ServerVersion}}"], cancelled);
        Assert.SkipUnless(info.ExitCode == 0, $"No Docker engine answers: {info.Said}");
    }

    /// <summary>Runs docker and returns what it says.</summary>
    public static async Task<string> RunAsync(CancellationToken cancelled, params string[] arguments)
    {
        var run = await ProcessRun.RunAsync("docker", arguments, cancelled);
        Assert.True(run.ExitCode == 0, $"docker {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Said}");
        return run.Said.Trim();
    }

    /// <summary>Where a port of a container is reached on this machine.</summary>
    public static async Task<Uri> AddressAsync(string container, int port, CancellationToken cancelled) =>
        new($"http://{(await RunAsync(cancelled, "port", container, $"{port}")).Split('\n')[0]}");

    public static Task UntilHealthyAsync(string container, CancellationToken cancelled) => Wait.UntilAsync(
        async () => await RunAsync(cancelled, "inspect", "--format", "{{.State.Health.Status}}", container) == "healthy",
        async () => $"{container} is not healthy: {(await ProcessRun.RunAsync("docker", ["logs", container], CancellationToken.None)).Said}",
        cancelled);
}
