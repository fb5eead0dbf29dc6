using System.Reflection;
using OpenTelemetry.Resources;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>What telemetry says of the service that it is from.</summary>
public static class ServiceResource
{
    /// <summary>Names a service, its version and its machine. The variables OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so they take precedence.</summary>
    /// <param name="resource">The resource, of which nothing else is kept.</param>
    /// <param name="service">What the service calls itself.</param>
    public static ResourceBuilder DescribeService(this ResourceBuilder resource, string service)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return resource.Clear().AddTelemetrySdk()
            .AddService(
                service,
                serviceVersion: Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0],
                serviceInstanceId: Environment.MachineName)
            .AddEnvironmentVariableDetector();
    }
}
