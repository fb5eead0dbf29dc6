using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>The parameters of the calls.</summary>
internal static class ApiParameters
{
    /// <summary>How far a job has come, in the API's words: <c>open</c> is each of the first four.</summary>
    public static readonly string[] JobStates = ["waiting", "queued", "running", "unresolved", "completed", "open"];

    public static readonly string[] RunnerStates = ["idle", "busy", "disconnected", "offline", "refused", "unknown"];

    public static readonly string[] RunnerOrders = ["state", "name", "-name", "last_heard", "-last_heard"];

    public static readonly string[] HistoryOrders = ["-time", "time"];

    public static readonly ApiParameter Scope = new("scope", "The runner's scope: server and owner, or server and repository.") { Example = "github.com/acme" };

    public static readonly ApiParameter Runner = new("runner", "The runner's name.") { Example = "build-1" };

    public static readonly ApiParameter Name = Runner with { Name = "name", IsRequired = true };

    public static readonly ApiParameter RunnerType = new("type", "The runner's type; of a job that waits, the one that it asks for.") { Example = "chrome" };

    public static readonly ApiParameter Repository = new("repository", "owner/name, in any case.") { Example = "acme/shop" };

    public static readonly ApiParameter Workflow = new("workflow", "The workflow's name.") { Example = "CI" };

    public static readonly ApiParameter Conclusion = new("conclusion", "How the job ended.") { Words = ["success", "failed", "cancelled", "lost"] };

    public static readonly ApiParameter Reason = new("reason", "Whose fault a failure was.") { Words = ["job", "setup", "runner", "unknown"] };

    public static readonly ApiParameter JobState = new("state", "How far the job has come; open: it waits or runs.") { Words = JobStates };

    public static readonly ApiParameter RunnerState = new("state", "What the runner does.") { Words = RunnerStates };

    public static readonly ApiParameter DeploymentState = new("state", "How far the deployment has come.") { Words = ["pending", "in_progress", "success", "failure"] };

    public static readonly ApiParameter Environment = new("environment", "The environment's name.") { Example = "production" };

    public static readonly ApiParameter Text = new("q", "What the name of the job, its workflow, its repository or its runner contains.") { Example = "flaky" };

    public static readonly ApiParameter RunnerText = new("q", "What the runner's name, type or scope contains.") { Example = "build-" };

    public static readonly ApiParameter From = new("from", "The earliest moment that counts: a time, or how long ago. The time of a job is the first that is known of it.") { Example = "24h" };

    public static readonly ApiParameter Until = new("until", "The first moment that counts no more: a time, or how long ago.") { Example = "2026-11-29T12:00:00Z" };

    public static readonly ApiParameter Since = From with { Name = "since", Description = "From when on ended jobs and deployments count: a time, or how long ago.", Default = "24h" };

    public static readonly ApiParameter Limit = new("limit", "How many items the page holds at most. It may hold fewer though there are more: next says so.")
    {
        IsNumber = true,
        Most = HistoryQuery.MostItems,
        Default = "50",
    };

    public static readonly ApiParameter RunnerLimit = Limit with { Most = 1000, Default = "100" };

    public static readonly ApiParameter After = new("after", "Where the page begins: the next of the page before.");

    public static readonly ApiParameter Sort = new("sort", "By time: the latest first, or the oldest.") { Words = HistoryOrders, Default = "-time" };

    public static readonly ApiParameter RunnerSort = new("sort", "state: offline, disconnected, busy, idle; last_heard: the longest ago first.") { Words = RunnerOrders, Default = "state" };

    public static readonly ApiParameter Format = new("format", "csv gives all that the query finds, up to 50,000 rows, as comma-separated values.") { Words = ["json", "csv"], Default = "json" };
}
