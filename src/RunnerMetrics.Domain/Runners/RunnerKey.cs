using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Runners;

/// <summary>What tells one runner from another: names alone do not, because each organisation and each repository has its own.</summary>
/// <param name="Scope">Where it is registered; empty if that is not known.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
internal readonly record struct RunnerKey(string Scope, string Name, string Type)
{
    public static RunnerKey Of(RunnerIdentity runner) => new(runner.Scope, runner.Name, runner.Type);

    /// <summary>The labels of the runner's series; what is not known is no label.</summary>
    public Labels Labels => Scope.Length == 0
        ? Labels.Of(("runner_name", Name), ("runner_type", Type))
        : Labels.Of(("runner_name", Name), ("runner_type", Type), ("runner_scope", Scope));
}
