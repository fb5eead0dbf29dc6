using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Automation;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Machine;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Runners;
using RunnerMetrics.Simulator.Scenario;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>The stack with every part in a container.</summary>
internal static class ContainerStack
{
    /// <summary>Adds it, without the parts that have no image.</summary>
    public static void AddContainers(this StackContext stack)
    {
        var exporter = stack.AddExporterContainer("exporter");
        var github = stack.AddGitHubRegistration();
        foreach (var runner in LocalFleet.Runners)
        {
            stack.AddRunnerContainer(runner, exporter, github);
        }

        IResourceBuilder<ContainerResource>? prometheus = null;
        if (stack.Machine.Has("prometheus"))
        {
            prometheus = stack.AddPrometheusContainer("prometheus").WaitFor(exporter).WithParentRelationship(exporter);
        }

        if (stack.Machine.Has("alertmanager"))
        {
            var alertmanager = stack.AddAlertmanagerContainer("alertmanager");
            prometheus?.WaitFor(alertmanager);
            Below(prometheus, alertmanager);
        }

        if (stack.Machine.Has("node-exporter"))
        {
            Below(prometheus, stack.AddNodeExporterContainer("node-exporter"));
        }

        if (stack.Machine.Has("cadvisor"))
        {
            Below(prometheus, stack.AddCadvisorContainer("cadvisor"));
        }

        if (prometheus is not null && stack.Machine.Has("grafana"))
        {
            Below(prometheus, stack.AddGrafanaContainer("grafana").WaitFor(prometheus));
        }

        if (stack.Machine.Has("automation"))
        {
            Below(prometheus, stack.AddAutomationContainer("automation"));
        }
    }

    // What Prometheus scrapes, sends to and answers stands below it, and all of it below the exporter: so the dashboard shows what is made for what.
    private static void Below(IResourceBuilder<ContainerResource>? prometheus, IResourceBuilder<ContainerResource> part)
    {
        if (prometheus is not null)
        {
            part.WithParentRelationship(prometheus);
        }
    }
}
