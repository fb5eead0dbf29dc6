using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Answers the requests that RunnerMetrics makes of GitHub's REST API, and no others.</summary>
internal sealed class ApiRouter(FakeGitHubOptions options, FakeFleet fleet, FakeApp app, FakeHook hook, ApiTokens tokens, ApiLimits limits)
{
    private readonly ApiShapes _shapes = new(options, app);

    public ApiAnswer Answer(ApiCall call) => (call.Method, call.Path) switch
    {
        ("GET", ["rate_limit"]) => RateLimit(call),
        ("GET", ["app"]) => AsApp(call, () => ApiAnswer.Ok(_shapes.Integration())),
        ("GET", ["app", "installations"]) => AsApp(call, () => ApiAnswer.Ok(new JsonArray(_shapes.Installation()))),
        ("POST", ["app", "installations", var id, "access_tokens"]) => AsApp(call, () => Token(id)),
        ("GET", ["app", "hook", "config"]) => AsApp(call, () => ApiAnswer.Ok(ApiShapes.HookConfig(app.HasWebhook ? hook.Url : null))),
        ("GET", ["app", "hook", "deliveries"]) => AsApp(call, () => Deliveries(call)),
        ("POST", ["app", "hook", "deliveries", var id, "attempts"]) => AsApp(call, () => Redeliver(id)),
        ("GET", ["installation", "repositories"]) when call.Caller.IsInstallation => Listed(call, "repositories", fleet.Repositories, _shapes.Repository),
        ("GET", ["orgs", var org, "repos"]) when IsOurs(org) => With(call, "metadata", "read", () => Page(call, fleet.Repositories, _shapes.Repository)),
        ("GET", ["orgs", var org, "actions", "runners"]) when IsOurs(org) =>
            With(call, "organization_self_hosted_runners", "read", () => Listed(call, "runners", fleet.Runners, ApiShapes.Runner)),
        ("GET", ["orgs", var org, "actions", "runners", "deprecations", var version]) when IsOurs(org) =>
            With(call, "organization_self_hosted_runners", "read", () => Deprecation(version)),
        ("GET", ["orgs", var org, "hooks"]) when IsOurs(org) => With(call, "organization_hooks", "read", () => Page(call, [hook.Url], _shapes.Hook)),
        ("GET", ["orgs", var org, "hooks", "1", "deliveries"]) when IsOurs(org) => With(call, "organization_hooks", "read", () => Deliveries(call)),
        ("POST", ["orgs", var org, "hooks", "1", "deliveries", var id, "attempts"]) when IsOurs(org) => With(call, "organization_hooks", "write", () => Redeliver(id)),
        ("GET", ["repos", var owner, var name, .. var rest]) when fleet.TryFind(owner, name, out var repository) => OfRepository(call, repository, rest),
        _ => ApiAnswer.NotFound,
    };

    private ApiAnswer OfRepository(ApiCall call, FakeRepository repository, string[] rest) => rest switch
    {
        [] => With(call, "metadata", "read", () => ApiAnswer.Ok(_shapes.Repository(repository))),
        ["actions", "runners"] => With(call, "administration", "read", () => Listed(call, "runners", fleet.Runners, ApiShapes.Runner)),
        ["actions", "runners", "deprecations", var version] => With(call, "administration", "read", () => Deprecation(version)),
        ["actions", "runs"] => With(call, "actions", "read", () => Runs(call, repository)),
        ["actions", "runs", var run, "attempts", var attempt, "jobs"] => With(call, "actions", "read", () => Jobs(call, repository, run, attempt)),
        _ => ApiAnswer.NotFound,
    };

    private bool IsOurs(string organization) => organization.Equals(options.Organization, StringComparison.OrdinalIgnoreCase);

    private static ApiAnswer AsApp(ApiCall call, Func<ApiAnswer> answer) =>
        call.Caller.IsApp ? answer() : ApiAnswer.Refused(401, "A JSON web token could not be decoded");

    private static ApiAnswer With(ApiCall call, string permission, string level, Func<ApiAnswer> answer) =>
        call.Caller.IsApp ? ApiAnswer.Refused(403, "Resource not accessible by integration")
        : call.Caller.May(permission, level) ? answer()
        : ApiAnswer.Refused(403, $"Resource not accessible by {(call.Caller.IsInstallation ? "integration" : "personal access token")}")
            .With("X-Accepted-GitHub-Permissions", $"{permission}={level}");

    private static ApiAnswer Page<T>(ApiCall call, IReadOnlyList<T> all, Func<T, JsonObject> shape)
    {
        var (items, link) = call.PageOf(all);
        return Linked(ApiAnswer.Ok(new JsonArray([.. items.Select(shape)])), link);
    }

    private static ApiAnswer Listed<T>(ApiCall call, string name, IReadOnlyList<T> all, Func<T, JsonObject> shape)
    {
        var (items, link) = call.PageOf(all);
        return Linked(ApiAnswer.Ok(new JsonObject { ["total_count"] = all.Count, [name] = new JsonArray([.. items.Select(shape)]) }), link);
    }

    private static ApiAnswer Linked(ApiAnswer answer, string link) => link.Length == 0 ? answer : answer.With("Link", link);

    private ApiAnswer RateLimit(ApiCall call)
    {
        var (limit, used, reset) = limits.Of(call.Caller.Name);
        return ApiAnswer.Ok(new JsonObject
        {
            ["resources"] = new JsonObject { ["core"] = new JsonObject { ["limit"] = limit, ["used"] = used, ["remaining"] = limit - used, ["reset"] = reset } },
        });
    }

    private ApiAnswer Token(string id)
    {
        if (id != app.InstallationId.ToString(CultureInfo.InvariantCulture))
        {
            return ApiAnswer.NotFound;
        }

        if (app.SuspendedAt is not null)
        {
            return ApiAnswer.Refused(403, "This installation has been suspended");
        }

        var (token, ends) = tokens.ForInstallation();
        return new ApiAnswer(201, new JsonObject
        {
            ["token"] = token,
            ["expires_at"] = ApiShapes.Time(ends),
            ["permissions"] = ApiShapes.Permissions(app.Permissions),
            ["repository_selection"] = "all",
        });
    }

    private ApiAnswer Deliveries(ApiCall call)
    {
        var all = hook.Deliveries;
        var before = long.TryParse(call.Query["cursor"].ToString().Replace("v1_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : long.MaxValue;
        var page = all.Where(delivery => delivery.Id < before).Take(call.PerPage).ToArray();
        var answer = ApiAnswer.Ok(new JsonArray([.. page.Select(_shapes.Delivery)]));
        return page.Length == call.PerPage && all[^1].Id < page[^1].Id
            ? answer.With("Link", $"<{call.AddressWith("cursor", $"v1_{page[^1].Id.ToString(CultureInfo.InvariantCulture)}")}>; rel=\"next\"")
            : answer;
    }

    private ApiAnswer Redeliver(string id) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && hook.TryRedeliver(known)
            ? new ApiAnswer(202, new JsonObject())
            : ApiAnswer.NotFound;

    private ApiAnswer Deprecation(string version) => !fleet.Deprecations.TryGetValue(version, out var ends) ? ApiAnswer.NotFound : ApiAnswer.Ok(new JsonObject
    {
        ["runner_version"] = version,
        ["runtime_deprecates_at"] = ApiShapes.Time(ends.Runtime),
        ["registration_deprecates_at"] = ApiShapes.Time(ends.Registration),
    });

    private ApiAnswer Runs(ApiCall call, FakeRepository repository)
    {
        const int MostFiltered = 1_000;
        var status = call.Query["status"].ToString();
        var created = call.Query["created"].ToString();
        var since = created.StartsWith(">=", StringComparison.Ordinal)
            && DateTimeOffset.TryParse(created.AsSpan(2), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : DateTimeOffset.MinValue;
        var runs = repository.Runs.Values.Where(run => (status.Length == 0 || run.Status == status) && run.CreatedAt >= since).OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id);
        return Listed(
            call, "workflow_runs", [.. status.Length > 0 || created.Length > 0 ? runs.Take(MostFiltered) : runs], run => _shapes.Run(run, repository));
    }

    private static ApiAnswer Jobs(ApiCall call, FakeRepository repository, string run, string attempt) =>
        long.TryParse(run, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && repository.Runs.TryGetValue(id, out var known)
            && int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && known.JobsOf(number) is { } jobs
            ? Listed(call, "jobs", jobs, WorkflowJobPayload.Job)
            : ApiAnswer.NotFound;
}
