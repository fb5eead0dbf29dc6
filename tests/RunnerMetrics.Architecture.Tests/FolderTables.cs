namespace RunnerMetrics.Architecture.Tests;

/// <summary>Which folder of a project uses which, by namespace. A folder uses only what stands above it.</summary>
internal static class FolderTables
{
    public static IReadOnlyDictionary<string, (string Assembly, ArrowTable Folders)> All { get; } = new Dictionary<string, (string, ArrowTable)>
    {
        ["Metrics"] = ("RunnerMetrics.Metrics", new ArrowTable(
            """
            Exposition:
            (root): Exposition
            """)),
        ["Domain"] = ("RunnerMetrics.Domain", new ArrowTable(
            """
            (root):
            Memory:
            Runners:
            Deployments: Memory
            Jobs: Memory
            Events: Deployments Jobs Runners
            Fleet: (root) Deployments Events Jobs Memory Runners
            """,
            still: """
            Deployments: Fleet
            Jobs: Fleet
            """)),
        ["Hosting"] = ("RunnerMetrics.Hosting", new ArrowTable(
            """
            Folders:
            Scraping:
            """)),
        ["Exporter"] = ("runner-metrics-exporter", new ArrowTable(
            """
            Repositories:
            Secrets:
            Listening:
            Telemetry:
            Watch:
            Collector: Listening Repositories Secrets Telemetry
            Configuration: Collector Repositories
            Journal: Collector Configuration Telemetry
            Webhooks: Collector Configuration Journal Listening Repositories Secrets Telemetry
            Endpoints: Collector Configuration Telemetry Webhooks
            (root): Collector Configuration Endpoints Journal Listening Repositories Telemetry Watch Webhooks
            Forgetting: (root) Collector Configuration Endpoints Journal Secrets
            Store: (root) Configuration Journal
            """,
            still: """
            Listening: Configuration
            Telemetry: Endpoints
            Watch: Journal
            Collector: Configuration Journal
            Configuration: Webhooks
            Journal: Store
            Endpoints: Forgetting
            (root): Forgetting
            """)),
        ["Agent"] = ("runner-metrics-agent", new ArrowTable(
            """
            Files:
            Diagnostics: Files
            Spool: Diagnostics
            Telemetry:
            Adoption: Spool
            Caches:
            Delivery: Caches Diagnostics Spool Telemetry
            Hooks: Caches Diagnostics Files
            (root): Adoption Caches Delivery Diagnostics Hooks Spool
            Standalone: (root)
            Deployments: Delivery
            Configuration: (root) Caches Delivery Deployments Diagnostics Standalone
            Doctor: (root) Configuration Delivery Diagnostics Files
            """,
            still: """
            Adoption: Delivery
            Caches: Hooks
            (root): Standalone
            Deployments: Configuration
            Configuration: Doctor
            """)),
    };
}
