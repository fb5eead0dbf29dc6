using RunnerMetrics.Dashboards.Model;
using static RunnerMetrics.Dashboards.Boards.Shared;

namespace RunnerMetrics.Dashboards.Boards;

/// <summary>What GitHub's API says beside what agents report, and how asking it goes. Without the API there is nothing to see.</summary>
internal static class GitHubView
{
    private const string Scoped = ChosenExporter + ",runner_scope=~\"$runner_scope\"";
    private const string AllScopes = "The scope filter does not apply here.";

    // Several exporters may ask for one scope: they hear the same.
    private const string ByScope = "max by (runner_scope, state)";

    public static Dashboard Dashboard { get; } = new(
        "github-view",
        "GitHub runners: GitHub's view",
        "What GitHub's API says of runners and waiting jobs, where that differs from what agents say, and how much of the rate limit is used. Needs GitHub's API.",
        "now-24h",
        [
            new Variable("instance", "Exporter", "runner_metrics_build_info"),
            new Variable("runner_scope", "Scope", $"github_runners_registered{{{ChosenExporter}}}") { AllValue = ".*" },
            Links.LivePage,
        ],
        [
            new Row("Now", Registered(), Unmatched(), Waits(), Features()),
            new Row("Runners and jobs", RegisteredOverTime(), UnmatchedOverTime(), WaitsOverTime(), Scopes(), Versions()),
            new Row("The API", RateLimit(), RateShare(), Requests(), Missing(), Redelivered(), Lag()),
        ]);

    private static Panel Registered() => new(
        PanelType.Stat, "Registered runners", "Runners that GitHub lists, by the state that GitHub gives them.",
        "short", 6, [.. ((string[])["idle", "busy", "offline"]).Select(state => new Query($"sum({ByScope} (github_runners_registered{{{Scoped},state=\"{state}\"}}))", state))])
    {
        Height = 7,
        Listed = true,
        Decimals = 0,
        Series = StateColors,
    };

    private static Panel Unmatched() => new(
        PanelType.Stat, "GitHub and agents differ", "Runners that for 5 minutes or longer are registered without an agent (github), have an agent and are not registered (agent), or have another state at GitHub (disagreement). The live page names them. " + AllScopes,
        "short", 6, new Query($"max by (side) (github_runner_unmatched{{{ChosenExporter}}})", "{{side}}"))
    {
        Height = 7,
        Listed = true,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 1)],
        Links = [new("These runners, on the live page", "${live_page:raw}/")],
    };

    private static Panel Waits() => new(
        PanelType.BarGauge, "Oldest wait, by reason",
        "How long the job waits that waits longest: no registered runner has its labels (no_matching_runner), all that have them are busy or offline, or unknown. Empty also if no job waits. " + AllScopes,
        "s", 6, new Query($"max by (reason) (github_workflow_jobs_oldest_wait_seconds{{{ChosenExporter}}})", "{{reason}}"))
    {
        Height = 7,
        NoValue = "no job waits, or not measured",
        Min = 0,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 300), new("red", 1800)],
    };

    private static Panel Features() => new(
        PanelType.Stat, "What is asked", "Whether the last round of each feature came to its end. The live page and the exporter's log say why one did not. " + AllScopes,
        "short", 6, new Query($"min by (feature) (runner_metrics_github_working{{{ChosenExporter}}})", "{{feature}}"))
    {
        Height = 7,
        Listed = true,
        Thresholds = [new("red"), new("green", 1)],
        Mappings = [new("1", "works", "green"), new("0", "fails", "red")],
    };

    private static Panel RegisteredOverTime() => new(
        PanelType.TimeSeries, "Registered runners over time", "Runners that GitHub lists, by state.",
        "short", 8, new Query($"sum by (state) ({ByScope} (github_runners_registered{{{Scoped}}}))", "{{state}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = StateColors,
    };

    private static Panel UnmatchedOverTime() => new(
        PanelType.TimeSeries, "Differences over time", "Runners that GitHub and agents see differently. " + AllScopes,
        "short", 8, new Query($"max by (side) (github_runner_unmatched{{{ChosenExporter}}})", "{{side}}"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel WaitsOverTime() => new(
        PanelType.TimeSeries, "Oldest wait over time", "By reason. A wait for no_matching_runner does not end by itself. " + AllScopes,
        Minutes, 8, new Query($"max by (reason) (github_workflow_jobs_oldest_wait_seconds{{{ChosenExporter}}}) / 60", "{{reason}}"))
    {
        NoValue = "no job waits, or not measured",
        Min = 0,
    };

    private static Panel Scopes() => new(
        PanelType.Table, "By scope", "Registered runners of each organisation or repository that is asked for.",
        "short", 14,
        [.. ((string[])["idle", "busy", "offline"]).Select(state => new Query($"max by (runner_scope) (github_runners_registered{{{Scoped},state=\"{state}\"}})", $"{char.ToUpperInvariant(state[0])}{state[1..]}") { Decimals = 0 })])
    {
        SortedBy = "Offline",
        CellLinks = new Dictionary<string, IReadOnlyList<Link>> { ["runner_scope"] = Links.RunnerCells["runner_scope"] },
    };

    private static Panel Versions() => new(
        PanelType.Table, "Versions that GitHub ends", "How long GitHub goes on to give jobs to runners of a version that is in use. " + AllScopes,
        "s", 10, new Query($"min by (version) (github_runner_version_deprecation_timestamp_seconds{{{ChosenExporter}}}) - time()", "Left")
        {
            Unit = "s",
            Decimals = 0,
            Thresholds = [new("red"), new("orange", 0), new("green", 14 * 86_400)],
        })
    {
        NoValue = "no version in use has a date, or not measured",
        SortedBy = "Left",
    };

    private static Panel RateLimit() => new(
        PanelType.TimeSeries, "Rate limit", "Requests that are left of the hour, whoever used the others, and those that this exporter used, by credential. " + AllScopes,
        "short", 16,
        new Query($"min by (credential) (runner_metrics_github_rate_limit_remaining{{{ChosenExporter}}})", "{{credential}} left"),
        new Query($"sum by (credential) (runner_metrics_github_rate_limit_used{{{ChosenExporter}}})", "{{credential}} used"))
    {
        Min = 0,
        Decimals = 0,
    };

    private static Panel RateShare() => new(
        PanelType.BarGauge, "Used of the limit", "What the exporters used of the hour's requests, by credential. Each stops at its share (--github-rate-share). " + AllScopes,
        "percentunit", 8,
        new Query($"sum by (credential) (runner_metrics_github_rate_limit_used{{{ChosenExporter}}}) / max by (credential) (runner_metrics_github_rate_limit{{{ChosenExporter}}})", "{{credential}}"))
    {
        Min = 0,
        Max = 1,
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 0.3), new("red", 0.6)],
    };

    private static Panel Requests() => new(
        PanelType.Bars, "Requests", "Requests in the five minutes before each moment, by outcome. Unchanged: not counted by the rate limit. Refused: the credential, or a permission. Limited: the rate limit. " + AllScopes,
        "short", 12, new Query($"sum by (outcome) (increase(runner_metrics_github_requests_total{{{ChosenExporter}}}[5m]))", "{{outcome}}"))
    {
        Stacked = true,
        Min = 0,
        Decimals = 0,
        Series = [new("ok", "green"), new("unchanged", "blue"), new("refused", "red"), new("limited", "orange"), new("failed", "purple")],
    };

    private static Panel Missing() => new(
        PanelType.Stat, "Webhooks missing", "Webhooks that GitHub could not deliver, and that are asked for again. " + AllScopes,
        "short", 4, new Query($"sum(runner_metrics_github_deliveries_missing{{{ChosenExporter}}})", "missing"))
    {
        Decimals = 0,
        Thresholds = [new("green"), new("orange", 1)],
    };

    private static Panel Redelivered() => new(
        PanelType.Bars, "Webhooks redelivered", "Webhooks that GitHub could not deliver, in the hour before each moment: found, recovered by a later try, or given up. " + AllScopes,
        "short", 8, new Query($"sum by (outcome) (increase(runner_metrics_github_deliveries_total{{{ChosenExporter}}}[1h]))", "{{outcome}}"))
    {
        Min = 0,
        Decimals = 0,
        Series = [new("found", "orange"), new("recovered", "green"), new("given_up", "red")],
    };

    private static Panel Lag() => new(
        PanelType.TimeSeries, "Delay of jobs from the API", "How long ago the last complete look at all repositories began, where jobs are asked for because no webhooks are received. The line is the alert's threshold. " + AllScopes,
        Minutes, 24, new Query($"max(runner_metrics_github_poll_lag_seconds{{{ChosenExporter}}}) / 60", "delay"))
    {
        Height = 6,
        Min = 0,
        Thresholds = [new("transparent"), new("red", 15)],
    };
}
