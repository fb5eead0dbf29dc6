namespace RunnerMetrics.EndToEnd.Tests.Deployments;

/// <summary>Something that happens in the year, and is told of when it does.</summary>
internal sealed record YearEvent(DateTimeOffset At, string Kind, int Id)
{
    public const string Push = "push";
    public const string Pending = "pending";
    public const string Success = "success";
    public const string Failure = "failure";
    public const string Rework = "rework";
    public const string Opened = "opened";
    public const string Resolved = "resolved";

    /// <summary>The deployment that an incident is traced to.</summary>
    public int Cause { get; init; }
}
