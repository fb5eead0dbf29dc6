using Microsoft.Extensions.Configuration;
using RunnerMetrics.AppHost.Alertmanager;
using RunnerMetrics.AppHost.Automation;
using RunnerMetrics.AppHost.Exporter;
using RunnerMetrics.AppHost.Grafana;
using RunnerMetrics.AppHost.Prometheus;
using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Preflight;

/// <summary>Checks this machine before anything starts.</summary>
internal static class MachineCheck
{
    // Without any of these the stack is still one.
    private static readonly (string Part, string Image)[] Monitoring =
        [("prometheus", "Prometheus"), ("alertmanager", "Alertmanager"), ("node-exporter", "NodeExporter"), ("grafana", "Grafana"), ("cadvisor", "Cadvisor")];

    /// <summary>Decides how the stack runs here, and of what.</summary>
    /// <exception cref="StackProblemsException">It cannot run as it is configured.</exception>
    public static async Task<LocalMachine> RunAsync(IDistributedApplicationBuilder builder, StackSettings settings, CancellationToken cancelled)
    {
        var problems = PortCheck.FindProblems(PortsOf(builder, settings)).ToList();
        var engineProblem = settings.Kind == StackKind.Processes ? null : await ContainerEngine.FindProblemAsync(!settings.Images.ArePrebuilt, cancelled);
        if (engineProblem is not null && (settings.Kind == StackKind.Containers || settings.HasGitHub))
        {
            problems.Add(engineProblem);
        }

        if (problems.Count > 0)
        {
            throw new StackProblemsException(problems);
        }

        return settings.Kind == StackKind.Processes || engineProblem is not null ? Processes(engineProblem) : await ContainersAsync(settings, cancelled);
    }

    private static LocalMachine Processes(string? engineProblem)
    {
        var programs = LocalPrograms.Find(Environment.GetEnvironmentVariable("PATH") ?? "");
        Say(engineProblem is null ? "The stack runs as processes." : $"The stack runs as processes. For containers: {engineProblem.Replace(", or give --Stack processes", "", StringComparison.Ordinal)}");
        Say(LocalPrograms.Describe(programs));
        return new LocalMachine { Kind = StackKind.Processes, Programs = programs };
    }

    private static async Task<LocalMachine> ContainersAsync(StackSettings settings, CancellationToken cancelled)
    {
        var missing = new List<string>();
        if (settings.Images.ArePrebuilt)
        {
            var absent = new List<string>();
            foreach (var (part, dockerfile) in StackImages.Dockerfiles)
            {
                var image = settings.Images.Of(part);
                if (await IsHereAsync(image, cancelled))
                {
                    continue;
                }

                if (part == "Automation")
                {
                    // Nobody waits for it.
                    Say($"Without automation: image {image} is not here.");
                    missing.Add("automation");
                }
                else
                {
                    absent.Add($"Image {image} is not here: build it with '{ContainerEngine.Program} build --file {dockerfile} --tag {image} .', or leave out Build:Prebuilt.");
                }
            }

            if (absent.Count > 0)
            {
                throw new StackProblemsException(absent);
            }
        }

        Say("The stack runs in containers.");
        var unavailable = await Task.WhenAll(Monitoring.Select(async entry =>
        {
            var image = settings.Images.Of(entry.Image);
            if (await IsHereAsync(image, cancelled))
            {
                return null;
            }

            Say($"Pulling {image}.");
            if (await ContainerEngine.PullAsync(image, cancelled))
            {
                return null;
            }

            Say($"Without {entry.Part}: image {image} is neither here nor can it be pulled; set another one with --Images:{entry.Image}.");
            return entry.Part;
        }));
        return new LocalMachine { Kind = StackKind.Containers, Missing = [.. missing, .. unavailable.OfType<string>()] };
    }

    private static async Task<bool> IsHereAsync(string image, CancellationToken cancelled) =>
        (await ContainerEngine.AskAsync(["image", "inspect", "--format", "{{.Id}}", image], cancelled)).ExitCode == 0;

    private static IEnumerable<(int Port, string What, string Setting)> PortsOf(IDistributedApplicationBuilder builder, StackSettings settings)
    {
        // Tests let Aspire choose.
        if (builder.Configuration.GetValue("DcpPublisher:RandomizePorts", false))
        {
            return [];
        }

        return
        [
            Of("Exporter", ExporterDeployment.HttpPort),
            Of("Collector", ExporterDeployment.GrpcPort),
            Of("Prometheus", PrometheusSettings.Port),
            Of("Alertmanager", AlertmanagerSettings.HostPort),
            Of("Grafana", GrafanaSettings.Port),
            Of("Automation", AutomationSettings.Port),
            .. OfAspire("ASPNETCORE_URLS", "Aspire's dashboard"),
            .. OfAspire("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "telemetry to Aspire's dashboard"),
            .. OfAspire("ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL", "Aspire's resource service"),
        ];

        (int, string, string) Of(string name, int fallback) => (settings.PortOf(name, fallback), name, $"--Ports:{name}");

        IEnumerable<(int, string, string)> OfAspire(string variable, string what) =>
            (builder.Configuration[variable] ?? "").Split(';').Where(address => Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Port > 0).Select(address => (new Uri(address).Port, what, variable));
    }

    private static void Say(string? sentence)
    {
        if (sentence is not null)
        {
            Console.Out.WriteLine(sentence);
        }
    }
}
