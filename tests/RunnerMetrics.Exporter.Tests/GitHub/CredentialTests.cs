using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Simulator.GitHub.Rest;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>A credential that GitHub does not accept, as people come to see it.</summary>
public class CredentialTests
{
    [Theory]
    [InlineData("wrong key", "GitHub does not accept the key in ")]
    [InlineData("suspended", "the installation 99 of the App 'Iv23liFAKEAPP0000001' is suspended")]
    [InlineData("ended token", "GitHub does not accept the token in ")]
    public async Task Credential_ThatIsNotAccepted_IsOneLineInLogAndOnThePage_AndWorksOnceItIs(string what, string line)
    {
        await using var rig = await GitHubRig.StartAsync();
        using var log = new RecordedLog();
        Spoil(rig, what);
        await using var exporter = await rig.StartExporterAsync(change: options => what == "ended token" ? options with { GitHub = rig.WithToken() } : options, log: log);
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_working{feature=\"runners\"}") == "0", "it does not work");
        rig.Clock.Advance(TimeSpan.FromMinutes(3));
        await exporter.ScrapeAsync();

        var ofRunners = Assert.Single(log.Lines, said => said.StartsWith("GitHub's API (runners): ", StringComparison.Ordinal));
        Assert.Contains(line, ofRunners, StringComparison.Ordinal);
        Assert.Contains(System.Text.Encodings.Web.HtmlEncoder.Default.Encode(line), await exporter.Client.GetStringAsync("/", RunningExporter.Cancelled), StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, said => said.Contains("ghs_", StringComparison.Ordinal) || said.Contains("github_pat_", StringComparison.Ordinal) || said.Contains("PRIVATE", StringComparison.Ordinal));

        Mend(rig, what);
        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_working{feature=\"runners\"}") == "1", "it works");
    }

    [Fact]
    public async Task Clock_ThatIsFiveMinutesOff_IsSaidOnce_AndNothingIsMissed()
    {
        await using var rig = await GitHubRig.StartAsync(ahead: TimeSpan.FromMinutes(-5));
        using var log = new RecordedLog();
        await using var exporter = await rig.StartExporterAsync(takesWebhooks: false, log: log);

        await rig.PassTimeUntilAsync(async () => await exporter.SampleAsync("runner_metrics_github_last_success_timestamp_seconds{feature=\"jobs\"}") is not null, "jobs are looked at");

        // The clock may go on by some seconds while an answer is under way.
        Assert.Matches(@"\AThis machine's clock is 3\d\d s ahead of GitHub's", Assert.Single(log.Lines));
    }

    internal static void Spoil(GitHubRig rig, string what)
    {
        switch (what)
        {
            case "wrong key":
                rig.GitHub.App.ReplaceKey();
                break;
            case "suspended":
                rig.GitHub.App.SuspendedAt = rig.Clock.GetUtcNow();
                break;
            default:
                rig.GitHub.AddToken("github_pat_x", FakeApp.AllPermissions, rig.Clock.GetUtcNow());
                break;
        }
    }

    private static void Mend(GitHubRig rig, string what)
    {
        switch (what)
        {
            case "wrong key":
                rig.WriteKey();
                break;
            case "suspended":
                rig.GitHub.App.SuspendedAt = null;
                break;
            default:
                rig.GitHub.AddToken("github_pat_y", FakeApp.AllPermissions);
                rig.Write("token", "github_pat_y\n");
                break;
        }
    }
}
