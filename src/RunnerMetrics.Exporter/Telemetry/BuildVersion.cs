using System.Reflection;

namespace RunnerMetrics.Exporter.Telemetry;

/// <summary>The version that this exporter was built as.</summary>
internal static class BuildVersion
{
    public static string Text { get; } =
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";
}
