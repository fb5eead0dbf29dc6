using Aspire.Hosting.Docker.Resources;
using Aspire.Hosting.Docker.Resources.ComposeNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes;
using Aspire.Hosting.Docker.Resources.ServiceNodes.Swarm;

namespace RunnerMetrics.AppHost.Exporter.Publishing;

/// <summary>Writes <see cref="ExporterDeployment"/> as a compose file with Aspire.Hosting.Docker, where the feed has it.</summary>
internal static class ExporterComposeExtensions
{
    /// <summary>Adds what publishes the exporter, and nothing beside it: no dashboard, no network of its own, no file of variables.</summary>
    public static void AddExporterCompose(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddDockerComposeEnvironment(name)
            .WithDashboard(false)
            .ConfigureComposeFile(Complete)
            .ConfigureEnvFile(variables => variables.Clear());

    /// <summary>Publishes the exporter as production runs it.</summary>
    public static IResourceBuilder<ContainerResource> PublishAsExporterService(this IResourceBuilder<ContainerResource> exporter) =>
        exporter.PublishAsDockerComposeService((_, service) => Describe(service));

    internal static void Describe(Service service)
    {
        service.Image = ExporterDeployment.Image;
        service.User = ExporterDeployment.User;
        service.ReadOnly = true;
        service.CapDrop = [.. ExporterDeployment.DroppedCapabilities];
        service.SecurityOpt = [.. ExporterDeployment.SecurityOptions];
        service.Secrets = [new SecretReference { Source = ExporterDeployment.TokensSecret }];
        service.Expose = [];
        service.Ports = [.. ExporterDeployment.Ports];
        service.Deploy = new Deploy { Resources = new Resources { Limits = new ResourceSpec { Memory = ExporterDeployment.Memory } } };
        service.Restart = ExporterDeployment.Restart;
        service.StopGracePeriod = ExporterDeployment.StopGracePeriod;
        service.Healthcheck = new Healthcheck
        {
            Test = [.. ExporterDeployment.HealthTest],
            Interval = ExporterDeployment.HealthInterval,
            Timeout = ExporterDeployment.HealthTimeout,
            Retries = ExporterDeployment.HealthRetries,
            StartPeriod = ExporterDeployment.HealthStartPeriod,
        };
        service.Logging = new Logging { Driver = ExporterDeployment.LogDriver, Options = new(ExporterDeployment.LogOptions) };
    }

    internal static void Complete(ComposeFile file)
    {
        file.Secrets[ExporterDeployment.TokensSecret] = new Secret { File = ExporterDeployment.TokensFile };
        file.Networks.Clear();
        foreach (var service in file.Services.Values)
        {
            service.Networks = [];
        }
    }
}
