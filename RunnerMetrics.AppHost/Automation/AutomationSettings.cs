using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Automation;

/// <summary>What the automation worker is given.</summary>
internal static class AutomationSettings
{
    public const int Port = 9464;
    public const string Dockerfile = "src/runner-images/automation/Dockerfile";

    /// <summary>It audits this repository, read-only.</summary>
    public static readonly RepositoryMount[] Mounts = [new(".", "/work")];

    public static readonly string[] Arguments = ["audit", "--audit-every", "5m"];
}
