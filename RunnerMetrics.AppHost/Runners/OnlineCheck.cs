using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RunnerMetrics.AppHost.Runners;

/// <summary>The health of a runner: what the exporter says of it, since its agent has no port to ask.</summary>
internal static class OnlineCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds the check.</summary>
    /// <returns>Its key.</returns>
    public static string AddOnlineCheck(this IDistributedApplicationBuilder builder, string runner, EndpointReference exporter)
    {
        var key = $"{runner}-online";
        builder.Services.AddHealthChecks().AddAsyncCheck(key, cancelled => CheckAsync(runner, exporter, cancelled));
        return key;
    }

    private static async Task<HealthCheckResult> CheckAsync(string runner, EndpointReference exporter, CancellationToken cancelled)
    {
        if (!exporter.IsAllocated)
        {
            return HealthCheckResult.Unhealthy("The exporter has no address yet.");
        }

        using var client = new HttpClient { Timeout = Patience };
        try
        {
            return RunnerState.IsOnline(await client.GetStringAsync(new Uri($"{exporter.Url}/metrics"), cancelled), runner)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The exporter gets no heartbeats from it.");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancelled.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"The exporter does not answer: {e.Message}");
        }
    }
}
