namespace RunnerMetrics.Domain.Fleet;

/// <summary>A runner as GitHub lists it.</summary>
/// <param name="Id">GitHub's id of it.</param>
/// <param name="Name">Its name.</param>
/// <param name="IsOnline">Whether GitHub sees it.</param>
/// <param name="IsBusy">Whether it runs a job.</param>
/// <param name="Version">The version of the Actions runner; empty where it never connected.</param>
/// <param name="Labels">Its labels.</param>
public sealed record RegisteredRunner(long Id, string Name, bool IsOnline, bool IsBusy, string Version, IReadOnlyList<string> Labels)
{
    /// <summary>idle, busy or offline.</summary>
    public string State => !IsOnline ? "offline" : IsBusy ? "busy" : "idle";
}
