using System.Globalization;
using System.Text.Json.Nodes;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Objects as GitHub's API describes them (OpenAPI of npm @octokit/openapi 23.0.2): each has at least the fields that are required there.</summary>
internal sealed class ApiShapes(FakeGitHubOptions options, FakeApp app)
{
    private const string Api = "https://api.github.com";

    private static readonly string[] RepositoryAddresses =
    [
        "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors", "deployments", "downloads", "events", "forks",
        "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges", "milestones", "notifications", "pulls",
        "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees",
    ];

    public JsonObject Repository(FakeRepository repository)
    {
        var url = $"{Api}/repos/{repository.FullName}";
        var shape = new JsonObject
        {
            ["id"] = repository.Id,
            ["node_id"] = "R_" + Number(repository.Id),
            ["name"] = repository.Name,
            ["full_name"] = repository.FullName,
            ["private"] = true,
            ["owner"] = Owner(repository.Owner),
            ["html_url"] = $"{options.ServerUrl}/{repository.FullName}",
            ["description"] = null,
            ["fork"] = false,
            ["url"] = url,
        };
        foreach (var name in RepositoryAddresses)
        {
            shape[name + "_url"] = $"{url}/{name}";
        }

        foreach (var name in new[] { "forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count", "watchers", "watchers_count", "network_count", "subscribers_count" })
        {
            shape[name] = 0;
        }

        foreach (var name in new[] { "has_downloads", "has_issues", "has_projects", "has_wiki", "has_pages", "has_discussions", "archived", "disabled" })
        {
            shape[name] = false;
        }

        foreach (var name in new[] { "clone", "git", "ssh", "svn" })
        {
            shape[name + "_url"] = $"{options.ServerUrl}/{repository.FullName}.git";
        }

        (shape["homepage"], shape["language"], shape["mirror_url"], shape["license"]) = (null, null, null, null);
        (shape["default_branch"], shape["visibility"]) = ("main", "private");
        (shape["pushed_at"], shape["created_at"], shape["updated_at"]) = (Time(repository.PushedAt), Time(repository.CreatedAt), Time(repository.PushedAt));
        return shape;
    }

    public JsonObject Run(FakeRun run, FakeRepository repository)
    {
        var (url, page) = ($"{Api}/repos/{run.Repository}/actions/runs/{Number(run.Id)}", $"{options.ServerUrl}/{run.Repository}/actions/runs/{Number(run.Id)}");
        var person = new JsonObject { ["name"] = "octocat", ["email"] = "octocat@github.com" };
        return new JsonObject
        {
            ["id"] = run.Id,
            ["name"] = run.Workflow,
            ["node_id"] = "WFR_" + Number(run.Id),
            ["head_branch"] = "main",
            ["head_sha"] = run.Sha,
            ["path"] = ".github/workflows/ci.yml",
            ["display_title"] = "A change",
            ["run_number"] = 1,
            ["event"] = "push",
            ["status"] = run.Status,
            ["conclusion"] = run.Conclusion,
            ["workflow_id"] = 1,
            ["check_suite_id"] = run.Id,
            ["check_suite_node_id"] = "CS_" + Number(run.Id),
            ["url"] = url,
            ["html_url"] = page,
            ["pull_requests"] = new JsonArray(),
            ["created_at"] = Time(run.CreatedAt),
            ["updated_at"] = Time(run.UpdatedAt),
            ["run_attempt"] = run.Attempt,
            ["run_started_at"] = Time(run.CreatedAt),
            ["jobs_url"] = url + "/jobs",
            ["logs_url"] = url + "/logs",
            ["check_suite_url"] = $"{Api}/repos/{run.Repository}/check-suites/{Number(run.Id)}",
            ["artifacts_url"] = url + "/artifacts",
            ["cancel_url"] = url + "/cancel",
            ["rerun_url"] = url + "/rerun",
            ["previous_attempt_url"] = run.Attempt > 1 ? $"{url}/attempts/{Number(run.Attempt - 1)}" : null,
            ["workflow_url"] = $"{Api}/repos/{run.Repository}/actions/workflows/1",
            ["head_commit"] = new JsonObject
            {
                ["id"] = run.Sha,
                ["tree_id"] = run.Sha,
                ["message"] = "A change",
                ["timestamp"] = Time(run.CreatedAt),
                ["author"] = person,
                ["committer"] = person.DeepClone(),
            },
            ["repository"] = Repository(repository),
            ["head_repository"] = Repository(repository),
        };
    }

    public static JsonObject Runner(FakeRunner runner) => new()
    {
        ["id"] = runner.Id,
        ["runner_group_id"] = 1,
        ["name"] = runner.Name,
        ["os"] = "Linux",
        ["status"] = runner.IsOnline ? "online" : "offline",
        ["busy"] = runner.IsBusy,
        ["ephemeral"] = runner.IsEphemeral,
        ["version"] = runner.Version,
        ["labels"] = new JsonArray([.. runner.Labels.Select((label, i) => new JsonObject { ["id"] = i + 1, ["name"] = label, ["type"] = i < 3 ? "read-only" : "custom" })]),
    };

    public JsonObject Delivery(FakeDelivery delivery) => new()
    {
        ["id"] = delivery.Id,
        ["guid"] = delivery.DeliveryGuid,
        ["delivered_at"] = Time(delivery.DeliveredAt),
        ["redelivery"] = delivery.IsRedelivery,
        ["duration"] = 0.1,
        ["status"] = delivery.Status,
        ["status_code"] = delivery.StatusCode,
        ["event"] = delivery.Event,
        ["action"] = (string?)JsonNode.Parse(delivery.Payload)?["action"],
        ["installation_id"] = app.InstallationId,
        ["repository_id"] = null,
        ["throttled_at"] = null,
    };

    public JsonObject Integration() => new()
    {
        ["id"] = app.Id,
        ["slug"] = "runner-metrics",
        ["client_id"] = app.ClientId,
        ["node_id"] = "A_1",
        ["owner"] = Owner(options.Organization),
        ["name"] = "RunnerMetrics",
        ["description"] = null,
        ["external_url"] = "https://runner-metrics.example",
        ["html_url"] = $"{options.ServerUrl}/apps/runner-metrics",
        ["created_at"] = "2026-01-01T00:00:00Z",
        ["updated_at"] = "2026-01-01T00:00:00Z",
        ["permissions"] = Permissions(app.Permissions),
        ["events"] = new JsonArray("workflow_job", "deployment_status", "push"),
        ["installations_count"] = 1,
    };

    public JsonObject Installation()
    {
        var url = $"{Api}/app/installations/{Number(app.InstallationId)}";
        var account = Owner(options.Organization);

        // The document asks for the fields of a user and of an enterprise at once.
        (account["name"], account["slug"], account["created_at"], account["updated_at"]) = (options.Organization, options.Organization, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        return new JsonObject
        {
            ["id"] = app.InstallationId,
            ["account"] = account,
            ["repository_selection"] = "all",
            ["access_tokens_url"] = url + "/access_tokens",
            ["repositories_url"] = $"{Api}/installation/repositories",
            ["html_url"] = $"{options.ServerUrl}/organizations/{options.Organization}/settings/installations/{Number(app.InstallationId)}",
            ["app_id"] = app.Id,
            ["client_id"] = app.ClientId,
            ["target_id"] = 1,
            ["target_type"] = "Organization",
            ["permissions"] = Permissions(app.Permissions),
            ["events"] = new JsonArray("workflow_job"),
            ["created_at"] = "2026-01-01T00:00:00Z",
            ["updated_at"] = "2026-01-01T00:00:00Z",
            ["single_file_name"] = null,
            ["app_slug"] = "runner-metrics",
            ["suspended_by"] = null,
            ["suspended_at"] = app.SuspendedAt is { } at ? Time(at) : null,
        };
    }

    public JsonObject Hook(Uri? url) => new()
    {
        ["type"] = "Organization",
        ["id"] = 1,
        ["name"] = "web",
        ["active"] = true,
        ["events"] = new JsonArray("workflow_job", "deployment_status", "push"),
        ["config"] = HookConfig(url),
        ["url"] = $"{Api}/orgs/{options.Organization}/hooks/1",
        ["ping_url"] = $"{Api}/orgs/{options.Organization}/hooks/1/pings",
        ["deliveries_url"] = $"{Api}/orgs/{options.Organization}/hooks/1/deliveries",
        ["created_at"] = "2026-01-01T00:00:00Z",
        ["updated_at"] = "2026-01-01T00:00:00Z",
    };

    public static JsonObject HookConfig(Uri? url) => new() { ["content_type"] = "json", ["insecure_ssl"] = "0", ["url"] = url?.ToString() ?? "", ["secret"] = "********" };

    public static JsonObject Permissions(IReadOnlyDictionary<string, string> permissions)
    {
        var shape = new JsonObject();
        foreach (var (name, level) in permissions)
        {
            shape[name] = level;
        }

        return shape;
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private JsonObject Owner(string login)
    {
        var url = $"{Api}/users/{login}";
        var owner = new JsonObject { ["login"] = login, ["id"] = 1, ["node_id"] = "O_1", ["type"] = "Organization", ["site_admin"] = false, ["gravatar_id"] = null };
        foreach (var name in new[] { "events", "followers", "following", "gists", "organizations", "received_events", "repos", "starred", "subscriptions" })
        {
            owner[name + "_url"] = $"{url}/{name}";
        }

        (owner["url"], owner["html_url"], owner["avatar_url"]) = (url, $"{options.ServerUrl}/{login}", $"{options.ServerUrl}/{login}.png");
        return owner;
    }

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
