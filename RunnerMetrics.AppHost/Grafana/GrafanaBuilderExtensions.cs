using System.ComponentModel;
using System.Diagnostics;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Grafana;

/// <summary>Adds Grafana.</summary>
internal static class GrafanaBuilderExtensions
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Adds a Grafana with this repository's data sources, dashboards and alerts on them, for looking at only.</summary>
    public static IResourceBuilder<ContainerResource> AddGrafanaContainer(this StackContext stack, string name)
    {
        var grafana = stack.AddPulledContainer(name, "Grafana")
            .WithRepositoryMounts(GrafanaSettings.Mounts)
            .WithKeptFolder(stack, GrafanaSettings.DataFolder)
            .WithHttpEndpoint(name: "http", port: stack.Settings.PortOf("Grafana", GrafanaSettings.Port), targetPort: GrafanaSettings.Port)
            .WithHttpHealthCheck("/api/health", endpointName: "http")
            .WithUrlForEndpoint("http", url => url.DisplayText = "Grafana")
            .WithIconName("ChartMultiple");
        foreach (var (variable, value) in GrafanaSettings.Environment)
        {
            grafana.WithEnvironment(variable, value);
        }

        return grafana
            .WithUrl(ReferenceExpression.Create($"{grafana.GetEndpoint("http")}/dashboards/f/{GrafanaSettings.FolderUid}"), "Grafana dashboards")
            .WithCommand(
                "open-dashboards",
                "Open dashboards",
                context => OpenDashboardsAsync(grafana.GetEndpoint("http"), context.CancellationToken),
                commandOptions: new CommandOptions
                {
                    Description = "Opens the folder of dashboards in this machine's browser, and lists them.",
                    IconName = "Open",
                    IsHighlighted = true,
                    UpdateState = ResourceCommands.WhileRunning,
                });
    }

    private static async Task<ExecuteCommandResult> OpenDashboardsAsync(EndpointReference endpoint, CancellationToken cancelled)
    {
        var grafana = new Uri(endpoint.Url);
        using var client = new HttpClient { BaseAddress = grafana, Timeout = Patience };
        try
        {
            var links = DashboardLinks.ToMarkdown(await client.GetStringAsync(new Uri(DashboardLinks.Query, UriKind.Relative), cancelled), grafana);
            return TryOpen(new Uri(grafana, $"/dashboards/f/{GrafanaSettings.FolderUid}"))
                ? CommandResults.Success("The dashboards are open in the browser.", links, CommandResultFormat.Markdown)
                : CommandResults.Success("No browser could be started here; these are the dashboards.", links, CommandResultFormat.Markdown);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancelled.IsCancellationRequested)
        {
            return CommandResults.Failure($"Grafana does not answer: {e.Message}");
        }
    }

    private static bool TryOpen(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.ToString()) { UseShellExecute = true });
            return true;
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
