namespace RunnerMetrics.Automation.Auditing;

/// <summary>The types of an audit agent's errors that are created with 0. An agent may have others of its own.</summary>
public static class AuditErrors
{
    /// <summary>The repository cannot be read.</summary>
    public const string Git = "git";

    /// <summary>A document cannot be read.</summary>
    public const string Documents = "documents";

    /// <summary>A coverage report cannot be read.</summary>
    public const string Coverage = "coverage";

    internal static string[] All => [Git, Documents, Coverage];
}
