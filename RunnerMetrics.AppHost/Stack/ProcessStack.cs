using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Automation;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.GitHub;
using RunnerMetrics.AppHost.Machine;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Runners;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>The stack with every part as a process: our programs as projects, and of the monitoring around them what is on this machine.</summary>
internal static class ProcessStack
{
    /// <summary>Adds it.</summary>
    public static void AddProcesses(this StackContext stack)
    {
        var exporter = stack.AddExporterProject("exporter");
        var github = stack.AddGitHubProject("github", exporter);
        foreach (var runner in LocalFleet.Runners)
        {
            stack.AddRunnerProjects(runner, exporter, github);
        }

        var automation = stack.AddAutomationProject("automation", out var automationFile);
        if (!stack.Machine.Has("prometheus"))
        {
            return;
        }

        var targets = new PrometheusTargets { Exporter = exporter.GetEndpoint(ExporterEndpoints.Http), AutomationFile = automationFile };
        IResourceBuilder<ExecutableResource>? alertmanager = null, nodeExporter = null;
        if (stack.Machine.Has("alertmanager"))
        {
            alertmanager = stack.AddAlertmanagerProcess("alertmanager");
            targets = targets with { Alertmanager = alertmanager.GetEndpoint("http") };
        }

        if (stack.Machine.Has("node-exporter"))
        {
            nodeExporter = stack.AddNodeExporterProcess("node-exporter");
            targets = targets with { NodeExporter = nodeExporter.GetEndpoint("http") };
        }

        var prometheus = stack.AddPrometheusProcess("prometheus", targets).WaitFor(exporter).WithParentRelationship(exporter);
        if (alertmanager is not null)
        {
            prometheus.WaitFor(alertmanager);
            alertmanager.WithParentRelationship(prometheus);
        }

        // What it scrapes and what it sends to stands below it, and all of it below the exporter: so the dashboard shows what is made for what.
        nodeExporter?.WithParentRelationship(prometheus);
        automation.WithParentRelationship(prometheus);
    }
}
