using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunnerMetrics.Exporter.Tests.GitHub;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using FailureReason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;
using State = RunnerMetrics.Contracts.V1.RunnerHeartbeat.Types.State;

namespace RunnerMetrics.Exporter.Tests.Api;

/// <summary>docs/api.md shows what the API answers. To write its answers anew: <c>UPDATE_DOCS=1</c>.</summary>
public partial class ApiPageTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task ApiPage_EveryAnswer_IsWhatTheCallAnswers()
    {
        var path = Path.Combine(RepositoryFolder.Path, "docs/api.md");
        await using var fleet = await ApiFleet.StartAsync();
        await fleet.SendAsync(
            AgentEvents.Heartbeat(fleet.Id(), state: State.Busy), AgentEvents.Heartbeat(fleet.Id(), runner: AgentEvents.Runner("c1", "chrome"), state: State.Disconnected),
            fleet.Job(3), fleet.Job(2, Conclusion.Failed, reason: FailureReason.Setup), fleet.Started(4), AgentEvents.Deployment(fleet.Id(), "501", -900));
        await fleet.Exporter.TakesAsync(Payload.Job("queued", job => (job["id"], job["run_id"], job["name"], job["check_run_url"]) = (5, 5, "browser tests", null)));
        var text = await File.ReadAllTextAsync(path, RunningExporter.Cancelled);
        var right = text;
        var calls = Call().Matches(text);
        Assert.Equal(10, calls.Count);
        foreach (var call in calls.Reverse())
        {
            var shown = call.Groups[2];
            var answer = call.Groups[1].Value == "/api/v1/github" ? await GitHubsViewAsync() : await AnswerAsync(fleet.Exporter, call.Groups[1].Value);
            right = $"{right[..shown.Index]}{answer}{right[(shown.Index + shown.Length)..]}";
        }

        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllTextAsync(path, right, RunningExporter.Cancelled);
        }

        Assert.Equal(right, await File.ReadAllTextAsync(path, RunningExporter.Cancelled));
    }

    // Two runners that GitHub knows, one of them without an agent, and a job that none of them may take.
    private static async Task<string> GitHubsViewAsync()
    {
        await using var rig = await GitHubRig.StartAsync();
        rig.GitHub.AddToken("github_pat_x", FakeApp.AllPermissions);
        rig.GitHub.SetRunner(new FakeRunner(1, "r1", "self-hosted", "Linux", "X64", "standard"));
        rig.GitHub.SetRunner(new FakeRunner(2, "r2", "self-hosted", "Linux", "X64", "standard") { IsBusy = true });
        await using var exporter = await rig.StartExporterAsync(change: options => GitHubCallTests.NeverSilent(options) with { GitHub = rig.WithToken() });
        await exporter.SendAsync(AgentEvents.Heartbeat("1"));
        await rig.GitHub.TellAsync(rig.Job(1, "gpu"));
        await Wait.UntilAsync(async () => (await exporter.AskAsync("github"))["features"]!.AsArray().All(feature => feature!["works"] is not null), "each feature had its first round");
        await rig.PassTimeUntilAsync(
            async () =>
            {
                var (told, now) = (await exporter.AskAsync("github"), rig.Clock.GetUtcNow());
                return told["unmatched"]?.AsArray().Count == 1 && told["features"]!.AsArray().All(feature => (DateTimeOffset)feature!["last_success_at"]! == now);
            },
            "all of it is of one moment", 300);

        // How many rounds that took, and whether the first one came before the webhook was there, is the machine's affair.
        var text = await AnswerAsync(exporter, "/api/v1/github");
        text = text.Replace(rig.Clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture), "2026-11-21T12:05:00+00:00", StringComparison.Ordinal);
        return Requests().Replace(text, match => $"\"{match.Groups[1].Value}\": {match.Groups[1].Value switch { "used" => "4", "remaining" => "4996", "since" => "\"2026-11-21T12:00:00+00:00\"", _ => "\"2026-11-21T13:00:00+00:00\"" }}");
    }

    private static async Task<string> AnswerAsync(RunningExporter exporter, string path)
    {
        using var response = await exporter.Client.GetAsync(new Uri(path, UriKind.Relative), RunningExporter.Cancelled);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(RunningExporter.Cancelled))!.AsObject();

        // What is another's on each machine, and with each version.
        foreach (var field in (string[])["max_runners", "journal_bytes", "version"])
        {
            answer[field] = answer.ContainsKey(field) ? field switch { "version" => "0.1.0", "max_runners" => 10_000, _ => 2048 } : null;
            _ = answer[field] is null && answer.Remove(field);
        }

        return answer.ToJsonString(Indented) + "\n";
    }

    [GeneratedRegex("\"(used|remaining|resets_at|since)\": [^,\\n]+")]
    private static partial Regex Requests();

    [GeneratedRegex("curl -s 'http://127\\.0\\.0\\.1:9091(/api/v1/[^']*)'\n```\n\n```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Call();
}
