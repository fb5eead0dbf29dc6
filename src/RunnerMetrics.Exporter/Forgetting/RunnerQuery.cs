using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.Forgetting;

/// <summary>Which runner a person means.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type; null: any.</param>
/// <param name="Scope">Its scope, empty for a runner whose scope is not known; null: any.</param>
internal sealed record RunnerQuery(string Name, string? Type, string? Scope)
{
    /// <summary>Whether it means a runner.</summary>
    public bool Means(RunnerSummary runner) =>
        runner.Name == Name && (Type is null || runner.Type == Type) && (Scope is null || runner.Scope == Scope);

    /// <summary>A runner in words: <c>r1 (type standard, scope github.com/acme)</c>.</summary>
    public static string Describe(RunnerSummary runner) =>
        $"{runner.Name} (type {runner.Type}, {(runner.Scope.Length > 0 ? $"scope {runner.Scope}" : "no scope")})";
}
