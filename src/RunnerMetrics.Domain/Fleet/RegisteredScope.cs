namespace RunnerMetrics.Domain.Fleet;

/// <summary>How many runners GitHub lists in a scope.</summary>
/// <param name="Name">The scope: <c>github.com/acme</c>.</param>
/// <param name="Registered">How many are registered.</param>
/// <param name="Online">How many of them GitHub sees.</param>
/// <param name="Busy">How many of those run a job.</param>
/// <param name="ListedAt">When they were listed.</param>
public sealed record RegisteredScope(string Name, int Registered, int Online, int Busy, DateTimeOffset ListedAt);
