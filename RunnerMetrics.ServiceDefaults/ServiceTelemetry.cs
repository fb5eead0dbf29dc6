using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>
/// A service's own traces, metrics and logs, sent by OTLP to where OpenTelemetry's environment variables say. Where they name no endpoint nothing is
/// set up, and no code of OpenTelemetry's is loaded.
/// </summary>
public static class ServiceTelemetry
{
    /// <summary>The variable that turns it on (OpenTelemetry specification, OTLP exporter configuration).</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Whether the environment names an endpoint.</summary>
    public static bool IsWanted => !string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable));

    /// <summary>What is wrong with the environment's endpoint, or null. What would be right is said too.</summary>
    public static string? Problem => IsWanted && !IsEndpoint(Environment.GetEnvironmentVariable(EndpointVariable)!)
        ? $"{EndpointVariable} is no address of a collector: give one such as http://127.0.0.1:4317, or leave it out"
        : null;

    /// <summary>Sends a service's traces and metrics from now on.</summary>
    /// <param name="service">The service.</param>
    /// <returns>What sends them, to be disposed of last: it sends what waits, for 2 seconds a signal at the most. Null where the environment names no endpoint.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Problem"/> says what is wrong.</exception>
    public static IDisposable? Start(ServiceIdentity service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return Problem is { } problem ? throw new InvalidOperationException(problem) : IsWanted ? StartOtlp(service) : null;
    }

    /// <summary>Sends a service's logs too, beside whatever else the logging has; nothing where the environment names no endpoint.</summary>
    /// <param name="logging">The service's logging.</param>
    /// <param name="service">The service.</param>
    public static ILoggingBuilder AddServiceTelemetry(this ILoggingBuilder logging, ServiceIdentity service)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(service);
        if (IsWanted && Problem is null)
        {
            AddOtlpLogs(logging, service);
        }

        return logging;
    }

    private static bool IsEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);

    // Apart, so that the types in them are loaded only where they are called.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static OtlpTelemetry StartOtlp(ServiceIdentity service) => new(service);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOtlpLogs(ILoggingBuilder logging, ServiceIdentity service) => OtlpTelemetry.AddLogs(logging, service);
}
