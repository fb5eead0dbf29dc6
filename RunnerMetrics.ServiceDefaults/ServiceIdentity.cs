namespace RunnerMetrics.ServiceDefaults;

/// <summary>What a service calls itself in its telemetry.</summary>
/// <param name="Name">Its <c>service.name</c>, which <c>OTEL_SERVICE_NAME</c> replaces, such as <c>runner-metrics-exporter</c>.</param>
/// <param name="Version">Its <c>service.version</c>.</param>
/// <param name="Sources">The names of its activity sources, and of its meters.</param>
public sealed record ServiceIdentity(string Name, string Version, IReadOnlyList<string> Sources);
