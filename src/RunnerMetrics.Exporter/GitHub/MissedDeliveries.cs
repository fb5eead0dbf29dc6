using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Webhooks;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>
/// Asks again for webhooks that the exporter missed: GitHub delivers each once, and repeats none by itself. What was delivered before counts once, as always, by its <c>X-GitHub-Delivery</c>.
/// </summary>
internal sealed class MissedDeliveries(
    GitHubClient client, GitHubScopes scopes, ExporterOptions options, IEnumerable<IGitHubEvent> events, GitHubMetrics metrics, TimeProvider time, ILogger<MissedDeliveries> logger) : IGitHubFeature
{
    /// <summary>A round's requests have an end: what is left follows in the next one.</summary>
    private const int MostAskedARound = 1_000;

    /// <summary>For how long deliveries can be had again (docs.github.com, "Redelivering webhooks").</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(3), KeptByEnterpriseServers = TimeSpan.FromDays(7);

    /// <summary>A try appears in the list when it has ended: up to 10 seconds, on an Enterprise Server 30, after it began.</summary>
    private static readonly TimeSpan Unlisted = TimeSpan.FromMinutes(2);

    private readonly HashSet<string> _events = [.. events.Select(known => known.Name).Where(name => name != "ping")];
    private readonly TimeSpan _kept = GitHubServer.IsEnterprise(options.GitHub.Server.OriginalString) ? KeptByEnterpriseServers : Kept;
    private IReadOnlyList<DeliverySource>? _sources;
    private int _found, _recovered, _givenUp;

    public string Name => "deliveries";

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task<GitHubFailure?> RunAsync(CancellationToken stop)
    {
        if (_sources is null or [])
        {
            (_sources, var failure) = await FindSourcesAsync(stop);
            if (failure is not null)
            {
                return failure;
            }
        }

        (_found, _recovered, _givenUp) = (0, 0, 0);
        GitHubFailure? problem = null;
        try
        {
            foreach (var source in _sources!)
            {
                problem = await LookAsync(source, stop) ?? await AskAsync(source, stop) ?? problem;
            }
        }
        finally
        {
            // Before a list of deliveries was read to its end, nobody knows how many are missing.
            var isKnown = _sources!.All(source => source.LookedAtUntil is not null);
            metrics.CountDeliveries(_found, _recovered, _givenUp, isKnown ? _sources!.Sum(source => source.Missed.Values.Count(missed => !missed.IsGivenUp)) : null);
        }

        return problem;
    }

    private async Task<(IReadOnlyList<DeliverySource>?, GitHubFailure?)> FindSourcesAsync(CancellationToken stop)
    {
        List<DeliverySource> sources = [];
        GitHubFailure? problem = null;
        if (client.Credential.IsApp)
        {
            // One that has a webhook of its own needs no other: what both tell of has the same GUID.
            var own = await client.GetAsync("/app/hook/config", GitHubJson.Default.HookConfigPart, stop, asApp: true);
            if (IsOurs(own.Value))
            {
                return ([new DeliverySource("/app/hook/deliveries", IsApps: true)], null);
            }

            if (own.Failure is { Kind: not GitHubFailureKind.NotFound })
            {
                return (null, own.Failure);
            }
        }

        var found = await scopes.FindAsync(stop);
        foreach (var scope in found.Value ?? [])
        {
            var failure = await client.GetPagesAsync($"{scope.Path}/hooks?per_page=100", GitHubJson.Default.HookPartArray, hooks =>
            {
                sources.AddRange(hooks.Where(hook => IsOurs(hook.Config)).Select(hook => new DeliverySource($"{scope.Path}/hooks/{hook.Id}/deliveries", IsApps: false)));
                return true;
            }, stop);
            problem ??= failure;
        }

        return sources.Count > 0 ? (sources, null) : (null, found.Failure ?? problem ?? new GitHubFailure(
            GitHubFailureKind.NotFound, "no webhook delivers to an address that ends with /webhooks/github: make one, or give the App one"));
    }

    /// <summary>Whether a webhook delivers to an exporter.</summary>
    internal static bool IsOurs(HookConfigPart? hook) =>
        Uri.TryCreate(hook?.Url, UriKind.Absolute, out var url) && url.AbsolutePath.TrimEnd('/').EndsWith("/webhooks/github", StringComparison.Ordinal);

    // The latest first; back to where the last look ended, or as far as they are kept.
    private async Task<GitHubFailure?> LookAsync(DeliverySource source, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var oldest = now - _kept;
        var until = source.LookedAtUntil is { } before && before > oldest ? before : oldest;
        HashSet<string> good = [];
        var failure = await client.GetPagesAsync($"{source.Path}?per_page=100", GitHubJson.Default.DeliveryPartArray, page =>
        {
            foreach (var part in page)
            {
                Take(source, part, good);
            }

            return page is [.., var last] && last.DeliveredAt >= until;
        }, stop, source.IsApps);
        foreach (var guid in good.Where(source.Missed.ContainsKey))
        {
            _recovered += source.Missed[guid].IsGivenUp ? 0 : 1;
            source.Missed.Remove(guid);
        }

        if (failure is not null)
        {
            return failure;
        }

        source.LookedAtUntil = now - Unlisted;
        foreach (var missed in source.Missed.Values.Where(missed => missed.FirstAt < oldest || missed.IsExhausted(now)).ToArray())
        {
            GiveUp(missed, missed.FirstAt < oldest ? "GitHub keeps it no longer" : $"{MissedDelivery.MostTries} tries failed, the last one with '{missed.LatestStatus}'");
            if (missed.FirstAt < oldest)
            {
                source.Missed.Remove(missed.Guid);
            }
        }

        return null;
    }

    private void Take(DeliverySource source, DeliveryPart part, HashSet<string> good)
    {
        if (part is not { Guid: { Length: > 0 } guid, Event: { } name } || !_events.Contains(name))
        {
            return;
        }

        if (part.Status == "OK")
        {
            good.Add(guid);
        }
        else if (!good.Contains(guid))
        {
            if (!source.Missed.TryGetValue(guid, out var missed))
            {
                source.Missed[guid] = missed = new MissedDelivery(guid, name);
                _found++;
            }

            missed.Take(part);
        }
    }

    private async Task<GitHubFailure?> AskAsync(DeliverySource source, CancellationToken stop)
    {
        var due = source.Missed.Values.Where(missed => missed.IsDue(time.GetUtcNow())).OrderBy(missed => missed.FirstAt).ThenBy(missed => missed.LatestId).Take(MostAskedARound).ToArray();
        var asked = 0;
        try
        {
            foreach (var missed in due)
            {
                var failure = await client.PostAsync($"{source.Path}/{missed.LatestId}/attempts", stop, source.IsApps);
                switch (failure?.Kind)
                {
                    case null:
                        missed.Asked(time.GetUtcNow());
                        asked++;
                        break;
                    case GitHubFailureKind.NotFound or GitHubFailureKind.Rejected:
                        // For this one alone: it is kept no longer, or cannot be sent again.
                        GiveUp(missed, failure.Text);
                        break;
                    default:
                        return failure;
                }
            }
        }
        finally
        {
            if (_found > 0 || asked > 0)
            {
                GitHubLog.DeliveriesAsked(logger, _found, asked);
            }
        }

        return null;
    }

    private void GiveUp(MissedDelivery missed, string reason)
    {
        if (!missed.IsGivenUp)
        {
            missed.IsGivenUp = true;
            _givenUp++;
            GitHubLog.DeliveryGivenUp(logger, missed.Guid, missed.Event, reason);
        }
    }
}
