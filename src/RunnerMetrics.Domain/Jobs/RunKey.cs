using System.Globalization;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>An attempt of a workflow run.</summary>
/// <param name="Host">GitHub's server.</param>
/// <param name="Id">The run's id; 0 if it is not known.</param>
/// <param name="Attempt">The attempt, from 1.</param>
internal readonly record struct RunKey(string Host, long Id, int Attempt)
{
    public bool IsKnown => Id > 0;

    public static RunKey Of(string serverUrl, long id, int attempt) => new(GitHubServer.HostOf(serverUrl), id, Math.Max(1, attempt));

    /// <summary>What is remembered of it: that it began, or that it ended.</summary>
    public UInt128 Memory(string what) => HorizonMap<byte>.KeyOf(string.Create(CultureInfo.InvariantCulture, $"run {what}\n{Host}\n{Id}\n{Attempt}"));
}
