using System.Globalization;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Tries each feature's questions once, and says what came of it.</summary>
internal sealed class GitHubCheck(GitHubClient client, GitHubScopes scopes, ExporterOptions options)
{
    /// <summary>A version that GitHub has ended, for asking whether it tells of such ends at all.</summary>
    private const string EndedVersion = "2.329.0";

    /// <summary>Writes a line for each.</summary>
    /// <returns>Whether everything works.</returns>
    public async Task<bool> RunAsync(TextWriter output, CancellationToken stop)
    {
        var found = await scopes.FindAsync(stop);
        var limit = found.IsGood ? await client.GetAsync("/rate_limit", GitHubJson.Default.RateLimitPart, stop) : default;
        if ((found.Failure ?? limit.Failure) is { } failure)
        {
            await WriteAsync(output, "credential", false, failure.Text);
            return false;
        }

        var who = options.GitHub.AppId is { } app ? $"the App {app}" : $"the token in {options.GitHub.TokenFile}";
        await WriteAsync(output, "credential", true, $"GitHub accepts {who}, for {string.Join(", ", found.Value!.Select(scope => scope.Name))}");
        await WriteLimitAsync(output, limit.Value?.Resources?.Core);
        var works = !Uses("deliveries") || await WriteAsync(output, "deliveries", await DeliveriesAsync(found.Value!, stop), "missed webhooks are asked for again: about 12 requests an hour, and once at a start one for each 100 deliveries of the last days");
        foreach (var scope in found.Value!)
        {
            works &= !Uses("runners") || await RunnersAsync(output, scope, stop);
            works &= !Uses("versions") || await WriteAsync(output, "versions", await VersionsAsync(scope, stop), "deadlines of runner versions: 4 requests a day for each version");
            works &= !Uses("jobs") || await JobsAsync(output, scope, stop);
        }

        return works;
    }

    private bool Uses(string feature) => options.GitHub.Features.Contains(feature);

    private async Task WriteLimitAsync(TextWriter output, RateLimitPart.LimitPart? limit)
    {
        if (limit is not null)
        {
            await WriteAsync(output, "limit", true, string.Create(
                CultureInfo.InvariantCulture,
                $"{limit.Limit} requests an hour, {limit.Remaining} left; the exporter uses {limit.Limit * options.GitHub.RateShare / 100} at most (--github-rate-share {options.GitHub.RateShare}), and what is unchanged costs nothing"));
        }
    }

    private async Task<GitHubFailure?> DeliveriesAsync(IReadOnlyList<GitHubScope> all, CancellationToken stop)
    {
        if (client.Credential.IsApp)
        {
            var own = await client.GetAsync("/app/hook/config", GitHubJson.Default.HookConfigPart, stop, asApp: true);
            if (MissedDeliveries.IsOurs(own.Value))
            {
                return (await client.GetAsync("/app/hook/deliveries?per_page=1", GitHubJson.Default.DeliveryPartArray, stop, asApp: true)).Failure;
            }
        }

        var hooks = await client.GetAsync($"{all[0].Path}/hooks?per_page=100", GitHubJson.Default.HookPartArray, stop);
        return hooks.Failure is { } failure ? failure
            : client.Credential.Permissions is { } may && may.GetValueOrDefault(all[0].Repository is null ? "organization_hooks" : "repository_hooks") != "write"
                ? new GitHubFailure(GitHubFailureKind.Permission, "webhooks can be seen, and not asked for again: that needs Webhooks, write")
            : !hooks.Value!.Any(hook => MissedDeliveries.IsOurs(hook.Config)) ? new GitHubFailure(GitHubFailureKind.NotFound, $"no webhook of {all[0].Name} delivers to an address that ends with /webhooks/github")
            : null;
    }

    private async Task<bool> RunnersAsync(TextWriter output, GitHubScope scope, CancellationToken stop)
    {
        var runners = await client.GetAsync($"{scope.Path}/actions/runners?per_page=1", GitHubJson.Default.RunnersPart, stop);
        var count = runners.Value?.TotalCount ?? 0;
        return await WriteAsync(output, "runners", runners.Failure, string.Create(
            CultureInfo.InvariantCulture, $"{count} registered in {scope.Name}: {Math.Max(1, (count + 99) / 100) * 60} requests an hour at most, as many as change"));
    }

    private async Task<GitHubFailure?> VersionsAsync(GitHubScope scope, CancellationToken stop)
    {
        var answer = await client.GetAsync($"{scope.Path}/actions/runners/deprecations/{EndedVersion}", GitHubJson.Default.DeprecationPart, stop);
        return answer.Failure is { Kind: GitHubFailureKind.NotFound } ? null : answer.Failure;
    }

    private async Task<bool> JobsAsync(TextWriter output, GitHubScope scope, CancellationToken stop)
    {
        var (count, first) = (0, (RepositoryItem?)null);
        GitHubFailure? failure;
        if (scope.Repository is not null)
        {
            var only = await client.GetAsync(scope.Path, GitHubJson.Default.RepositoryItem, stop);
            (count, first, failure) = (1, only.Value, only.Failure);
        }
        else if (client.Credential.IsApp)
        {
            var page = await client.GetAsync("/installation/repositories?per_page=1", GitHubJson.Default.RepositoriesPart, stop);
            (count, first, failure) = (page.Value?.TotalCount ?? 0, page.Value?.Repositories is [{ } one, ..] ? one : null, page.Failure);
        }
        else
        {
            failure = await client.GetPagesAsync($"{scope.Path}/repos?per_page=100", GitHubJson.Default.RepositoryItemArray, page =>
            {
                (count, first) = (count + page.Length, first ?? page.FirstOrDefault());
                return true;
            }, stop);
        }

        if (failure is null && first?.FullName is { } name)
        {
            failure = (await client.GetAsync($"/repos/{name}/actions/runs?per_page=1", GitHubJson.Default.RunsPart, stop)).Failure;
        }

        var isPolled = options.GitHub.PollJobs != GitHubJobs.Off;
        return await WriteAsync(output, "jobs", isPolled ? failure : null, isPolled
            ? string.Create(CultureInfo.InvariantCulture, $"{count} repositories in {scope.Name}: one request for each run that goes on and round, one for each list of runs that changed; where webhooks are taken, none")
            : "jobs are not asked for (--github-poll-jobs off)");
    }

    private static async Task<bool> WriteAsync(TextWriter output, string feature, GitHubFailure? failure, string text)
    {
        await WriteAsync(output, feature, failure is null, failure?.Text ?? text);
        return failure is null;
    }

    private static Task WriteAsync(TextWriter output, string feature, bool works, string text) =>
        output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{(works ? "ok     " : "missing")} {feature,-10} {text}"));
}
