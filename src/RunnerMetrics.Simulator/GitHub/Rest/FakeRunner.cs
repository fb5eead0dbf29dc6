namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>A self-hosted runner as GitHub lists it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels, the system's own among them.</param>
public sealed record FakeRunner(long Id, string Name, params IReadOnlyList<string> Labels)
{
    /// <summary>Whether GitHub sees it.</summary>
    public bool IsOnline { get; init; } = true;

    /// <summary>Whether it runs a job.</summary>
    public bool IsBusy { get; init; }

    /// <summary>Whether it takes one job and is gone.</summary>
    public bool IsEphemeral { get; init; }

    /// <summary>The version of the Actions runner; null before it first connected.</summary>
    public string? Version { get; init; } = "2.336.0";
}
