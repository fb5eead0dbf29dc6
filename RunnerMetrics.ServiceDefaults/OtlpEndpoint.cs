using Microsoft.Extensions.Configuration;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>Where telemetry is sent to (OpenTelemetry specification, OTLP exporter configuration).</summary>
public static class OtlpEndpoint
{
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What is wrong with the environment's endpoint, and what would be right; null if it is fine or absent.</summary>
    public static string? Problem => ProblemOf(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Whether telemetry is sent.</summary>
    /// <param name="configuration">The service's configuration.</param>
    /// <exception cref="InvalidOperationException">What is configured is no address.</exception>
    public static bool IsGiven(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return Read(configuration) is not null;
    }

    /// <summary>The configured endpoint; null if none is.</summary>
    /// <exception cref="InvalidOperationException">It is no address.</exception>
    private static string? Read(IConfiguration configuration)
    {
        var endpoint = configuration[Variable];
        return string.IsNullOrWhiteSpace(endpoint) ? null : ProblemOf(endpoint) is { } problem ? throw new InvalidOperationException(problem) : endpoint;
    }

    private static string? ProblemOf(string? endpoint) =>
        string.IsNullOrWhiteSpace(endpoint) || (Uri.TryCreate(endpoint, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
            ? null
            : $"{Variable} is not an address of a collector: give one such as http://127.0.0.1:4317, or leave it out";
}
