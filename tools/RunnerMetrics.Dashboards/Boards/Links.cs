using RunnerMetrics.Dashboards.Model;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>Where cells and series lead to: the dashboard with more about them, the exporter's live page, GitHub.</summary>
internal static class Links
{
    /// <summary>Where people reach the exporter's live page: Prometheus may know the exporter under another address.</summary>
    public static readonly Variable LivePage = new("live_page", "Live page", "") { Text = "http://127.0.0.1:9091" };

    /// <summary>The server that repositories are on: their label has no host.</summary>
    public static readonly Variable GitHub = new("github", "GitHub", "") { Text = "https://github.com" };

    /// <summary>Of a table: its label's columns, each with its links.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Link>> RunnerCells = new Dictionary<string, IReadOnlyList<Link>>
    {
        ["runner_name"] = Runner(Cell),
        ["runner_scope"] = [new("Owner or repository at GitHub", $"https://{Raw("runner_scope")}")],
    };

    /// <summary>Of a table of workflows.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Link>> WorkflowCells = new Dictionary<string, IReadOnlyList<Link>>
    {
        ["repository"] =
        [
            new("Deployments of the repository", Drill("dora-metrics", $"var-repository={Cell("repository")}")),
            .. Repository,
        ],
        ["workflow"] =
        [
            new("Its jobs, on the live page", Live($"repository={Cell("repository")}&workflow={Cell("workflow")}")),
            new("Its runs at GitHub", $"{Actions}?query=workflow%3A%22{Cell("workflow")}%22"),
        ],
    };

    /// <summary>Of a workflow's failed jobs.</summary>
    public static readonly IReadOnlyList<Link> FailedJobs =
    [
        new("The failed jobs, on the live page", Live($"conclusion=failed&repository={Cell("repository")}&workflow={Cell("workflow")}")),
        new("The failed runs at GitHub", $"{Actions}?query=is%3Afailure+workflow%3A%22{Cell("workflow")}%22"),
    ];

    /// <summary>Of a table of repositories and environments.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Link>> RepositoryCells = new Dictionary<string, IReadOnlyList<Link>>
    {
        ["repository"] = [new("Jobs of the repository", Drill("job-analysis", $"var-repository={Cell("repository")}")), .. Repository],
        ["environment"] = [new("Deployments at GitHub", $"{Site}/deployments/{Cell("environment")}")],
    };

    /// <summary>Of a table of the automation platform's processes.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Link>> ProcessCells = new Dictionary<string, IReadOnlyList<Link>>
    {
        ["instance"] = [Process("Its test watcher", "test-watcher"), Process("Its audit agent", "audit-agent"), Process("Its calls to APIs", "api-metrics")],
    };

    /// <summary>Of series by the runner's name.</summary>
    public static readonly IReadOnlyList<Link> RunnerSeries = Runner(Label);

    /// <summary>Of series of failed jobs by the runner's name.</summary>
    public static readonly IReadOnlyList<Link> FailedRunnerSeries = [new("Its failed jobs, on the live page", Live($"conclusion=failed&q={Label("runner_name")}")), .. RunnerSeries];

    /// <summary>Of series of failed jobs by reason.</summary>
    public static readonly IReadOnlyList<Link> FailedForReason = [new("These jobs, on the live page", Live($"conclusion=failed&reason={Label("reason")}"))];

    /// <summary>Of series of jobs by how they ended.</summary>
    public static readonly IReadOnlyList<Link> JobsOfStatus = [new("These jobs, on the live page", Live($"conclusion={Label("status")}"))];

    /// <summary>Of a number of failed jobs.</summary>
    public static readonly IReadOnlyList<Link> Failed = [new("Failed jobs, on the live page", Live("conclusion=failed"))];

    /// <summary>Of a number of lost jobs.</summary>
    public static readonly IReadOnlyList<Link> Lost = [new("Lost jobs, on the live page", Live("conclusion=lost"))];

    private static string Site => $"${{github:raw}}/{Raw("repository")}";

    private static string Actions => $"{Site}/actions";

    private static IReadOnlyList<Link> Repository =>
        [new("Its jobs, on the live page", Live($"repository={Cell("repository")}")), new("The repository at GitHub", Site)];

    private static IReadOnlyList<Link> Runner(Func<string, string> of) =>
    [
        new("Jobs of the runner", Drill("job-analysis", $"var-runner_name={of("runner_name")}")),
        new("The runner, on the live page", Live($"runner={of("runner_name")}&runner_type={of("runner_type")}&runner_scope={of("runner_scope")}")),
    ];

    private static Link Process(string title, string uid) => new(title, Drill(uid, $"var-job={Cell("job")}&var-instance={Cell("instance")}"));

    private static string Drill(string uid, string chosen) => $"/d/{uid}?{chosen}&${{datasource:queryparam}}&${{__url_time_range}}";

    private static string Live(string asked) => $"${{live_page:raw}}/?{asked}";

    private static string Cell(string label) => $"${{__data.fields.{label}:percentencode}}";

    private static string Raw(string label) => $"${{__data.fields.{label}}}";

    private static string Label(string label) => $"${{__field.labels.{label}:percentencode}}";
}
