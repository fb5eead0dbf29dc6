using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Alerting;

/// <summary>Who is told of an alert, and what they read: with Alertmanager's own tool, and with a real one in front of fakes.</summary>
public partial class AlertmanagerTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Configuration_Amtool_FindsNothingWrong()
    {
        AlertmanagerServer.SkipWhereMissing();
        var (exitCode, said) = await AmtoolAsync("check-config", Path.Combine(AlertmanagerServer.Folder, "alertmanager.yml"));
        Assert.True(exitCode == 0, said);
        Assert.Contains("1 templates\n  SUCCESS", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("heartbeat", "alertname=GitHubRunnerWatchdog", "severity=none")]
    [InlineData("pagerduty,slack", "alertname=GitHubRunnerFleetEmpty", "severity=critical")]
    [InlineData("slack", "alertname=GitHubRunnerOffline", "severity=warning", "runner_type=chrome")]
    [InlineData("mail", "alertname=GitHubRunnerVersionSkew", "severity=info")]
    [InlineData("pagerduty,slack", "alertname=AutomationProcessDown", "severity=critical")]
    [InlineData("slack", "alertname=AutomationApiFailures", "severity=warning", "api=deepseek")]
    [InlineData("slack", "alertname=SomebodyElses")]
    public async Task Routes_OfAnAlert_LeadTo(string receivers, params string[] labels)
    {
        AlertmanagerServer.SkipWhereMissing();
        var (exitCode, said) = await AmtoolAsync(
            ["config", "routes", "test", $"--config.file={Path.Combine(AlertmanagerServer.Folder, "alertmanager.yml")}", $"--verify.receivers={receivers}", .. labels]);
        Assert.True(exitCode == 0, said);
    }

    [Fact]
    public async Task Exporter_IsDown_WakesSomebodyAndTheHeartbeatGoesOn()
    {
        AlertmanagerServer.SkipWhereMissing();
        PrometheusServer.SkipWhereMissing();
        await using var sinks = await MessageSinks.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartAsync(sinks);
        var folder = Directory.CreateTempSubdirectory("runner-metrics-prometheus-");
        var rules = Path.Combine(folder.FullName, "alerts.yml");
        var text = await File.ReadAllTextAsync(Path.Combine(RepositoryFolder.Path, "dashboards", "prometheus", "rules", "alerts.yml"), Cancelled);
        await File.WriteAllTextAsync(rules, ForLine().Replace(text, ""), Cancelled);

        // Nothing listens on this port.
        await using var prometheus = await PrometheusServer.StartAlertingAsync(folder, new Uri("http://127.0.0.1:1"), alertmanager.Address, rules, Cancelled);
        await Wait.UntilAsync(
            () => Task.FromResult(sinks.Posted("slack").Count >= 2 && sinks.Posted("pagerduty").Count >= 2 && sinks.Posted("heartbeat").Count >= 1),
            () => $"Arrived: {sinks.Posted("slack").Count} at Slack, {sinks.Posted("pagerduty").Count} at PagerDuty, {sinks.Posted("heartbeat").Count} heartbeats.",
            Cancelled);

        var page = sinks.Posted("pagerduty").Single(message => Of(message, "payload", "class") == "GitHubRunnerExporterDown");
        Assert.Equal("key-1", Of(page, "routing_key"));
        Assert.Equal("trigger", Of(page, "event_action"));
        Assert.Equal("CRITICAL: The exporter 127.0.0.1:1 cannot be scraped", Of(page, "payload", "summary"));
        Assert.Equal(
            """
            • The exporter 127.0.0.1:1 cannot be scraped, since TIME
              Prometheus has not been able to scrape 127.0.0.1:1 for 2 minutes. Agents keep their events and deliver them later. Until then the fleet is not visible, and no other alert about it can fire.
            What to do: https://runner-metrics.example/docs/runbooks/GitHubRunnerExporterDown.md
            """,
            WithoutTimes(Of(page, "payload", "custom_details", "what")));
        Assert.Equal("https://runner-metrics.example/docs/runbooks/GitHubRunnerExporterDown.md", page.GetProperty("links")[0].GetProperty("href").GetString());
        Assert.Contains(sinks.Posted("slack"), message => Of(message.GetProperty("attachments")[0], "title") == "CRITICAL: Prometheus has no metrics of the exporter");
        Assert.Equal("GitHubRunnerWatchdog", Of(sinks.Posted("heartbeat")[0], "groupLabels", "alertname"));
        Assert.Empty(sinks.Mails);
    }

    [Fact]
    public async Task Runners_TwoGoOfflineAndComeBack_AreOneMessageEach()
    {
        AlertmanagerServer.SkipWhereMissing();
        await using var sinks = await MessageSinks.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartAsync(sinks);
        await alertmanager.SendAsync(Offline("build-1"), Offline("build-2"));
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count >= 1), () => "Nothing arrives at Slack.", Cancelled);
        var first = sinks.Posted("slack")[0].GetProperty("attachments")[0];
        Assert.Equal("build-1 is offline (and 1 more)", Of(first, "title"));
        Assert.Equal("warning", Of(first, "color"));
        Assert.Equal("http://localhost:3000/d/runner-overview?var-runner_name=build-1", Of(first, "title_link"));
        Assert.Equal(
            """
            • build-1 is offline, since TIME
              The runner build-1 (chrome) has been silent.
            • build-2 is offline, since TIME
              The runner build-2 (chrome) has been silent.
            What to do: https://runner-metrics.example/docs/runbooks/GitHubRunnerOffline.md
            """,
            WithoutTimes(Of(first, "text")));
        Assert.Equal(
            "http://alertmanager.example/#/silences/new?filter=%7Balertname%3D%22GitHubRunnerOffline%22%2C%20job%3D%22runner-metrics%22%2C%20runner_type%3D%22chrome%22%2C%20severity%3D%22warning%22%7D",
            first.GetProperty("actions")[2].GetProperty("url").GetString());

        await alertmanager.SendAsync(Offline("build-1", isOver: true), Offline("build-2", isOver: true));
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count >= 2), () => "Nothing more arrives at Slack.", Cancelled);
        var second = sinks.Posted("slack")[1].GetProperty("attachments")[0];
        Assert.Equal("Resolved: build-1 is offline (and 1 more)", Of(second, "title"));
        Assert.Equal("good", Of(second, "color"));
        Assert.Equal("• Over: build-1 is offline, at TIME\n• Over: build-2 is offline, at TIME", WithoutTimes(Of(second, "text")).Trim());
        Assert.Empty(sinks.Posted("pagerduty"));
    }

    [Fact]
    public async Task Runner_OfflineWhileNobodyReports_IsNotToldOfByItself()
    {
        AlertmanagerServer.SkipWhereMissing();
        await using var sinks = await MessageSinks.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartAsync(sinks);
        var stale = Alert("GitHubRunnerMetricsStale", "critical", "No agent has reached exporter:9091 for 5 minutes", "", ("job", "runner-metrics"), ("instance", "exporter:9091"));
        await alertmanager.SendAsync(stale);
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count == 1), () => "Nothing arrives at Slack.", Cancelled);

        // Elsewhere the same continues.
        await alertmanager.SendAsync(stale, Offline("build-1"), Offline("far-1", job: "runner-metrics-2"));
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count == 2), () => "Nothing more arrives at Slack.", Cancelled);
        Assert.Equal("far-1 is offline", Of(sinks.Posted("slack")[1].GetProperty("attachments")[0], "title"));
    }

    [Fact]
    public async Task Watcher_StoppedInAProcessThatIsDown_IsNotToldOfByItself()
    {
        AlertmanagerServer.SkipWhereMissing();
        await using var sinks = await MessageSinks.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartAsync(sinks);
        var down = Alert("AutomationProcessDown", "critical", "worker-1 cannot be scraped", "", ("job", "automation"), ("instance", "worker-1"));
        await alertmanager.SendAsync(down);
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count == 1), () => "Nothing arrives at Slack.", Cancelled);

        await alertmanager.SendAsync(down, Stopped("worker-1"), Stopped("worker-2"));
        await Wait.UntilAsync(() => Task.FromResult(sinks.Posted("slack").Count == 2), () => "Nothing more arrives at Slack.", Cancelled);
        Assert.Equal("worker-2 does not watch", Of(sinks.Posted("slack")[1].GetProperty("attachments")[0], "title"));

        static object Stopped(string instance) => Alert("AutomationWatcherStopped", "warning", $"{instance} does not watch", "", ("job", "automation"), ("instance", instance));
    }

    [Fact]
    public async Task Versions_Differ_IsAMailThatCanBeRead()
    {
        AlertmanagerServer.SkipWhereMissing();
        await using var sinks = await MessageSinks.StartAsync();
        await using var alertmanager = await AlertmanagerServer.StartAsync(sinks);
        await alertmanager.SendAsync(Alert("GitHubRunnerVersionSkew", "info", "Online runners have 2 different versions", "GitHub stops giving jobs to versions that are too old."));
        await Wait.UntilAsync(() => Task.FromResult(sinks.Mails.Count == 1), () => "No mail arrives.", Cancelled);
        var mail = sinks.Mails[0].Replace("=\n", "", StringComparison.Ordinal).Replace("=E2=80=A2", "•", StringComparison.Ordinal).Replace("=3D", "=", StringComparison.Ordinal);
        Assert.Contains("Subject: Online runners have 2 different versions\n", mail, StringComparison.Ordinal);
        Assert.Contains("To: ci-team@example.com\n", mail, StringComparison.Ordinal);
        Assert.Contains(
            """
            • Online runners have 2 different versions, since TIME
              GitHub stops giving jobs to versions that are too old.

            Online runners have 2 different versions
              what to do: https://runner-metrics.example/docs/runbooks/GitHubRunnerVersionSkew.md
              dashboard:  http://localhost:3000/d/runner-overview

            Silence: http://alertmanager.example/#/silences/new?filter=
            """,
            WithoutTimes(mail),
            StringComparison.Ordinal);
        Assert.Equal(["alertmanager@example.com open sesame"], sinks.Logins);
    }

    private static object Offline(string runner, bool isOver = false, string job = "runner-metrics") => Alert(
        "GitHubRunnerOffline",
        "warning",
        $"{runner} is offline",
        $"The runner {runner} (chrome) has been silent.",
        isOver,
        $"?var-runner_name={runner}",
        ("runner_name", runner),
        ("runner_type", "chrome"),
        ("job", job));

    private static object Alert(string name, string severity, string summary, string description, params (string Name, string Value)[] labels) =>
        Alert(name, severity, summary, description, isOver: false, "", labels);

    private static object Alert(
        string name, string severity, string summary, string description, bool isOver, string query, params (string Name, string Value)[] labels)
    {
        var all = labels.ToDictionary(label => label.Name, label => label.Value);
        (all["alertname"], all["severity"]) = (name, severity);
        var now = TimeProvider.System.GetUtcNow();
        return new
        {
            labels = all,
            annotations = new
            {
                summary,
                description,
                runbook_url = $"https://runner-metrics.example/docs/runbooks/{name}.md",
                dashboard_url = $"http://localhost:3000/d/runner-overview{query}",
            },
            // Alertmanager sends an alert at once if it began more than group_wait ago. One that begins in the future waits for the others of its group, even if a busy machine delivers it late.
            startsAt = now.AddMinutes(isOver ? -10 : 1),
            endsAt = isOver ? now : now.AddHours(1),
        };
    }

    private static string Of(JsonElement message, params string[] path) => path.Aggregate(message, (at, name) => at.GetProperty(name)).GetString()!;

    private static string WithoutTimes(string text) => Time().Replace(text, "TIME");

    private static async Task<(int ExitCode, string Said)> AmtoolAsync(params string[] arguments)
    {
        var run = await ProcessRun.RunAsync("/usr/bin/amtool", arguments, Cancelled);
        return (run.ExitCode, run.Said);
    }

    [GeneratedRegex(@"\d\d:\d\d UTC( on \d+ \w+)?")]
    private static partial Regex Time();

    [GeneratedRegex(@"^ *for: .*\n", RegexOptions.Multiline)]
    private static partial Regex ForLine();
}
