namespace RunnerMetrics.Domain.Fleet;

/// <summary>Jobs that wait and ask for the same.</summary>
/// <param name="RunnerType">The type of runner that their labels ask for; empty where no registered runner has these.</param>
/// <param name="Labels">The labels.</param>
/// <param name="Reason">Why: no_matching_runner, all_busy, offline or unknown.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">Since when the oldest of them waits.</param>
public sealed record WaitingJobs(string RunnerType, IReadOnlyList<string> Labels, string Reason, int Count, DateTimeOffset Oldest);
