using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What GitHub answered: a value, or why there is none.</summary>
/// <typeparam name="T">The value.</typeparam>
/// <param name="Value">The value; null with a failure.</param>
/// <param name="Failure">Why there is none.</param>
internal readonly record struct GitHubAnswer<T>(T? Value, GitHubFailure? Failure)
    where T : class
{
    /// <summary>The path of the next page; null on the last one.</summary>
    public string? Next { get; init; }

    /// <summary>Whether it is what the same question was answered before: that costs nothing of the rate limit.</summary>
    public bool IsUnchanged { get; init; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsGood => Failure is null;

    public static GitHubAnswer<T> Of(T value) => new(value, null);

    public static GitHubAnswer<T> Failed(GitHubFailure failure) => new(null, failure);
}
