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
            Names:
            Deployments: Memory Names
            Jobs: Memory Names
            Runners: Names
            Events: Deployments Jobs Names Runners
            Fleet: (root) Deployments Events Jobs Memory Names Runners
            """)),
        ["Hosting"] = ("RunnerMetrics.Hosting", new ArrowTable(
            """
            CommandLine:
            Folders:
            Logging: CommandLine
            Scraping:
            """)),
        ["Exporter"] = ("runner-metrics-exporter", new ArrowTable(
            """
            Repositories:
            Telemetry:
            Wire:
            Intake: Wire
            Secrets: Intake
            Configuration: Repositories Secrets
            Listening: Configuration
            Local: Configuration
            Access: Configuration Secrets
            Scraping: Access Configuration Telemetry
            Store: Configuration Wire
            Commits: Configuration Store Telemetry Wire
            Live: Commits
            Collector: Commits Configuration Intake Listening Repositories Secrets Telemetry Wire
            Forgetting: Commits Configuration Local Secrets
            Watch: Commits
            Webhooks: Collector Commits Configuration Intake Listening Repositories Secrets Telemetry
            GitHub: Collector Commits Configuration Intake Repositories Secrets Telemetry Webhooks
            Api: Access Collector Commits Configuration GitHub Intake Listening Live Store Telemetry Webhooks
            Traces: Api Configuration Telemetry
            FleetMetrics: Configuration Telemetry Traces
            Web: Access Api Commits Store
            (root): Access Api Collector Commits Configuration FleetMetrics Forgetting GitHub Listening Live Repositories Scraping Telemetry Traces Watch Web Webhooks
            """)),
        ["Agent"] = ("runner-metrics-agent", new ArrowTable(
            """
            Files:
            Diagnostics: Files
            Configuration: Diagnostics
            Hooks: Diagnostics Files
            Caches: Hooks
            Spool: Configuration Diagnostics
            Telemetry:
            Delivery: Configuration Diagnostics Hooks Spool Telemetry
            Adoption: Configuration Delivery Spool
            Deployments: Configuration Delivery
            Doctor: Configuration Delivery Diagnostics Files
            Reading: Configuration Delivery Diagnostics Hooks Spool
            (root): Adoption Caches Configuration Delivery Deployments Doctor Reading Spool
            """)),
    };
}
