using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Forgetting;

/// <summary>Forgets a runner that is permanently gone, now instead of at the end of the retention: by the same event as the watch, so that a restart finds it forgotten too.</summary>
internal sealed partial class RunnerForgetter(CommitLoop commits, FleetState fleet, TimeProvider time, ILogger<RunnerForgetter> logger)
{
    /// <summary>Forgets a runner, or says why not.</summary>
    /// <param name="query">Which one.</param>
    /// <param name="grant">What the caller's token allows; null if no token is required.</param>
    /// <exception cref="StoreUnavailableException">It could not be kept: nothing was forgotten.</exception>
    public async Task<ForgetAnswer> ForgetAsync(RunnerQuery query, TokenGrant? grant = null)
    {
        var known = fleet.Describe();
        return known.Where(query.Means).ToArray() switch
        {
            [] => new ForgetAnswer(StatusCodes.Status404NotFound, NotKnown(query, known)),
            [var runner] when grant?.RefuseRunner(runner.Name, runner.Scope) is { } refusal => new ForgetAnswer(StatusCodes.Status403Forbidden, refusal),
            [var runner] when WhyNot(runner) is { } reason => new ForgetAnswer(StatusCodes.Status409Conflict, reason),
            [var runner] => await ForgetAsync(runner),
            var several => new ForgetAnswer(StatusCodes.Status409Conflict, $"{several.Length} runners match: {List(several)}. Select one with --type and --scope."),
        };
    }

    private async Task<ForgetAnswer> ForgetAsync(RunnerSummary runner)
    {
        // A heartbeat within the same second as the last look of the watch is older than this.
        await commits.SubmitAsync([CommitItem.Of(RunnerForgotten.Of(runner.Scope, runner.Type, runner.Name, time.GetUtcNow(), fleet.Observed + TimeSpan.FromTicks(1)))]);
        if (fleet.Describe().Any(known => (known.Scope, known.Name, known.Type) == (runner.Scope, runner.Name, runner.Type)))
        {
            return new ForgetAnswer(StatusCodes.Status409Conflict, $"{RunnerQuery.Describe(runner)} has just reported again, and is not forgotten.");
        }

        LogForgotten(logger, runner.Name, runner.Type, runner.Scope);
        return new ForgetAnswer(StatusCodes.Status200OK, $"Forgot {RunnerQuery.Describe(runner)}: its own series are removed. If it reports again, it counts from 0.");
    }

    private static string? WhyNot(RunnerSummary runner) => runner switch
    {
        { State: "idle" or "busy" or "disconnected" } =>
            $"{RunnerQuery.Describe(runner)} is {(runner.State == "busy" ? "busy" : $"online ({runner.State})")}, and is not forgotten. Stop it and its agent first.",
        { OpenJobs: > 0 } =>
            $"{RunnerQuery.Describe(runner)} has {runner.OpenJobs} {(runner.OpenJobs == 1 ? "job" : "jobs")} without a reported end, and is not forgotten: that would lose "
            + $"{(runner.OpenJobs == 1 ? "its conclusion" : "their conclusions")}. Without news a job counts as lost after --lost-after.",
        _ => null,
    };

    private static string NotKnown(RunnerQuery query, IReadOnlyList<RunnerSummary> known)
    {
        var namesakes = known.Where(runner => runner.Name == query.Name).ToArray();
        return namesakes.Length == 0
            ? $"There is no runner {query.Name}. The live page lists those that are known."
            : $"There is no runner {query.Name} of that type and scope, but {List(namesakes)}.";
    }

    private static string List(IEnumerable<RunnerSummary> runners)
    {
        const int Most = 10;
        return string.Join(", ", runners.Take(Most).Select(RunnerQuery.Describe));
    }

    [LoggerMessage(1, LogLevel.Information, "Forgot runner {Name} of type {Type} and scope '{Scope}', as requested")]
    private static partial void LogForgotten(ILogger logger, string name, string type, string scope);
}
