using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.GitHub;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Answers what GitHub's API tells, and how asking it goes.</summary>
internal sealed class GitHubCalls(
    ApiCall call, FleetState fleet, ExporterOptions options, IEnumerable<IGitHubFeature> features, GitHubStatus? status = null, GitHubMetrics? metrics = null)
{
    private const string IsOff =
        "This exporter does not ask GitHub's API: start it with --github-app-id and --github-app-key-file, or with --github-token-file and --github-scopes (docs/github-api.md).";

    private readonly IGitHubFeature[] _features = [.. features];

    /// <summary><c>GET /api/v1/github</c>.</summary>
    public Task TellAsync(HttpContext context) => call.AnswerAsync(
        context, ApiDescriptions.GitHub, _ => () => Tell() is { } told ? context.SendAsync(told, ApiJson.Default.GitHubViewAnswer) : context.RefuseAsync(StatusCodes.Status404NotFound, IsOff));

    /// <summary>The same; null where GitHub's API is not asked.</summary>
    public GitHubViewAnswer? Tell()
    {
        if (status is null || metrics is null)
        {
            return null;
        }

        var registered = Uses<RegisteredListing>() ? fleet.DescribeRegistered() : null;
        return new GitHubViewAnswer
        {
            Server = options.GitHub.Server.GetLeftPart(UriPartial.Authority),
            Credential = options.GitHub.AppId is null ? "token" : "app",
            Features = [.. _features.Select(feature => Tell(feature.Name, status.Of(feature.Name))).OrderBy(feature => feature.Feature, StringComparer.Ordinal)],
            Limits = [.. metrics.DescribeLimits().Select(credential => Tell(credential.Credential, credential.Limits))],
            Registered = registered is null ? null : [.. registered.Select(Tell)],
            Unmatched = registered is null or [] ? null : [.. fleet.DescribeMismatches().Select(Tell)],
            Waiting = options.ServesWebhooks || Uses<JobPolling>() ? [.. fleet.DescribeWaits().Select(Tell)] : null,
            Deliveries = metrics.DescribeDeliveries() is { } missed ? Tell(missed) : null,
            Polling = _features.OfType<JobPolling>().SingleOrDefault()?.LastRound is { } round ? Tell(round) : null,
        };
    }

    private bool Uses<T>()
        where T : IGitHubFeature => _features.OfType<T>().Any();

    private static GitHubFeatureAnswer Tell(string feature, FeatureStatus? status) => new()
    {
        Feature = feature,
        Works = status is null ? null : status.Failure is null,
        Problem = status?.Failure?.Text,
        Since = status?.Since,
        LastSuccessAt = status?.LastSuccess,
    };

    private static GitHubLimitAnswer Tell(string credential, RateStatus limits) => new()
    {
        Credential = credential,
        Limit = limits.Limit,
        Remaining = limits.Remaining,
        Used = limits.Used,
        Share = limits.Share,
        ResetsAt = limits.ResetsAt,
        PausedUntil = limits.PausedUntil,
    };

    private static RegisteredRunnersAnswer Tell(RegisteredScope scope) => new()
    {
        Scope = scope.Name,
        Registered = scope.Registered,
        Online = scope.Online,
        Busy = scope.Busy,
        ListedAt = scope.ListedAt,
    };

    private static UnmatchedRunnerAnswer Tell(RunnerMismatch mismatch) => new()
    {
        Side = mismatch.Side,
        Name = mismatch.Name,
        Scope = mismatch.Scope,
        GitHub = KnownText.OrNull(mismatch.GitHubSays),
        Agent = KnownText.OrNull(mismatch.AgentSays),
        Since = mismatch.Since,
    };

    private static WaitReasonAnswer Tell(WaitingJobs jobs) => new()
    {
        Type = KnownText.OrNull(jobs.RunnerType),
        Labels = jobs.Labels,
        Reason = jobs.Reason,
        Jobs = jobs.Count,
        OldestAt = jobs.Oldest,
    };

    private static MissedWebhooksAnswer Tell(MissedStatus missed) => new()
    {
        Found = missed.Found,
        Recovered = missed.Recovered,
        GivenUp = missed.GivenUp,
        Missing = missed.Missing,
    };

    private static JobPollingAnswer Tell(PollingRound round) => new() { CycleSeconds = Math.Round(round.Length.TotalSeconds, 3), ToldUntil = round.BeganAt };
}
