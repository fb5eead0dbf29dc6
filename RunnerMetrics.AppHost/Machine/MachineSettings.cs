namespace RunnerMetrics.AppHost.Machine;

/// <summary>What node_exporter and cAdvisor are given, as in deploy/compose/monitoring.yml: a test compares the two.</summary>
internal static class MachineSettings
{
    public const int NodeExporterPort = 9100;
    public const int CadvisorPort = 8080;

    public static readonly string[] NodeExporterArguments = ["--path.rootfs=/host"];
    public static readonly string[] CadvisorArguments = ["--docker_only=true", "--housekeeping_interval=15s", "--store_container_labels=false"];

    /// <summary>How the engine runs it. Without the propagation that compose asks for: the virtual machine of a Docker Desktop refuses it.</summary>
    public static readonly string[] NodeExporterRun = ["--pid=host", "--volume=/:/host:ro"];

    /// <summary>It reads the engine's and the kernel's own folders, and is privileged as its makers ask for.</summary>
    public static readonly string[] CadvisorRun =
    [
        "--privileged",
        "--device=/dev/kmsg",
        "--volume=/:/rootfs:ro",
        "--volume=/var/run:/var/run:ro",
        "--volume=/sys:/sys:ro",
        "--volume=/var/lib/docker/:/var/lib/docker:ro",
        "--volume=/dev/disk/:/dev/disk:ro",
    ];
}
