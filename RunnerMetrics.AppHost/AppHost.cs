using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Automation;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Machine;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Runners;

var builder = DistributedApplication.CreateBuilder(args);

// What production runs. It refers to nothing below: what is published would name it.
builder.AddExporterCompose("compose");
var exporter = builder.AddExporter("exporter");

// What a developer needs around it.
if (builder.ExecutionContext.IsRunMode)
{
    var alertmanager = builder.AddAlertmanager("alertmanager");
    var nodeExporter = builder.AddNodeExporter("node-exporter");
    var cadvisor = builder.AddCadvisor("cadvisor");
    var prometheus = builder.AddPrometheus("prometheus")
        .WaitFor(exporter)
        .WaitFor(alertmanager);
    builder.AddGrafana("grafana")
        .WaitFor(prometheus);

    alertmanager.WithParentRelationship(prometheus);
    nodeExporter.WithParentRelationship(prometheus);
    cadvisor.WithParentRelationship(prometheus);

    var github = builder.AddGitHubRegistration();
    builder.AddRunner("standard-1", "standard", exporter, github);
    builder.AddRunner("chrome-1", "chrome", exporter, github);
    builder.AddRunner("chrome-go-1", "chrome-go", exporter, github);
    builder.AddAutomationWorker("automation");
}

builder.Build().Run();
