using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>What GitHub's API tells, on the page in a real browser.</summary>
public class GitHubTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    private const string Hostile = "<b>no-agent</b>";

    /// <summary>Each table that is shown with its cells: what a script or the exporter wrote, without the words of times, which tick.</summary>
    private const string TablesOf =
        """
        document => JSON.stringify([...document.querySelectorAll('#github > div')].filter(table => !table.hidden).map(table => [
          table.querySelector('h3').textContent, ...[...table.querySelectorAll('tr')].map(row => [...row.cells].map(cell => cell.querySelector('time')?.dateTime ?? cell.textContent))]))
        """;

    private const string ScriptsTables = $"() => ({TablesOf})(document)";

    private const string ExportersTables = $"async () => ({TablesOf})(new DOMParser().parseFromString(await (await fetch('/')).text(), 'text/html'))";

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Page_WithGitHubsApi_ShowsWhatItTellsAsThatChanges(int width)
    {
        using var folder = new TemporaryFolder();
        var clock = new ManualTimeProvider(PageExporter.Now);
        await using var gitHub = await FakeGitHub.StartAsync(time: clock);
        gitHub.SetRunner(new FakeRunner(1, Hostile, "self-hosted", "standard"));
        var released = new TaskCompletionSource();
        gitHub.Break(new FakeFault(FakeFaultKind.Slow) { Until = released.Task });
        await using var exporter = await PageExporter.StartAsync(PageExporter.DefaultOptions with { GitHub = AccessTo(gitHub, folder) }, clock);
        await using var tab = await browser.OpenAsync(width);
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync(exporter.Http);
        await Assertions.Expect(tab.Page.Locator("#github-features")).ToBeVisibleAsync();
        await Assertions.Expect(tab.Page.Locator("#github-registered")).ToBeHiddenAsync();

        // On a busy machine the exporter may have given up the first answer, and asks again after a while.
        released.SetResult();
        await PassTimeUntilAsync(
            tab,
            async () =>
            {
                clock.Advance(TimeSpan.FromSeconds(10));
                return (await tab.Page.Locator("#github-registered tbody").TextContentAsync())?.Contains("github.com/acme110", StringComparison.Ordinal) == true;
            },
            "the registered runners are shown");
        await ShowsAsync(tab, "#github-features tbody", "works");
        await exporter.QueueAsync(1, "gpu", clock.GetUtcNow());
        await ShowsAsync(tab, "#github-waiting tbody", "self-hosted, gpu1");
        await Assertions.Expect(tab.Page.Locator("#github-waiting tbody")).ToContainTextAsync("no registered runner has these labels");
        clock.Advance(TimeSpan.FromMinutes(6));
        await ShowsAsync(tab, "#github-unmatched tbody", $"{Hostile}github.com/acmeidleno agent");

        // What the exporter writes and what the script makes of the same answer is the same.
        await PassTimeUntilAsync(tab, async () => await tab.Page.EvaluateAsync<string>(ScriptsTables) == await tab.Page.EvaluateAsync<string>(ExportersTables), "both have the same rows");
        Assert.Empty((await tab.Page.RunAxe()).Violations);
        Assert.True(await tab.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_OfAnExporterThatAsksGitHubNoMore_HidesIt_AndShowsItOnceItDoes()
    {
        using var folder = new TemporaryFolder();
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var exporter = await PageExporter.StartAsync(PageExporter.DefaultOptions with { GitHub = AccessTo(gitHub, folder) });
        await using var tab = await browser.OpenAsync();
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync(exporter.Http);
        await Assertions.Expect(tab.Page.Locator("#github")).ToBeVisibleAsync();

        await exporter.StopAsync();
        await exporter.StartAgainAsync(options => options with { GitHub = new GitHubOptions() });
        await PassTimeUntilAsync(tab, async () => !await tab.Page.Locator("#github").IsVisibleAsync(), "it is hidden");
        await exporter.StopAsync();
        await exporter.StartAgainAsync();
        await PassTimeUntilAsync(tab, () => tab.Page.Locator("#github").IsVisibleAsync(), "it is shown");
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_WithoutGitHubsApi_NeitherShowsItNorAsksForIt()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        var asked = 0;
        tab.Page.Request += (_, request) => asked += request.Url.EndsWith("/api/v1/github", StringComparison.Ordinal) ? 1 : 0;
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync(exporter.Http);
        var readings = await tab.ReadingsAsync();
        await PassTimeUntilAsync(tab, async () => await tab.ReadingsAsync() > readings + 1, "the page reads again");

        await Assertions.Expect(tab.Page.Locator("#github")).ToBeHiddenAsync();
        Assert.Equal(0, asked);
    }

    private static GitHubOptions AccessTo(FakeGitHub gitHub, TemporaryFolder folder) =>
        new() { AppId = gitHub.App.ClientId, AppKeyFile = folder.Write("app.pem", gitHub.App.PrivateKeyPem), Api = gitHub.Url, AnswersWithin = Patience.Limit };

    // The page reads it with its round of 30 seconds.
    private static Task ShowsAsync(WatchedTab tab, string selector, string text) =>
        PassTimeUntilAsync(tab, async () => (await tab.Page.Locator(selector).TextContentAsync())?.Contains(text, StringComparison.Ordinal) == true, $"{selector} shows {text}");

    private static Task PassTimeUntilAsync(WatchedTab tab, Func<Task<bool>> isTrue, string what) => Wait.UntilAsync(
        async () =>
        {
            if (await isTrue())
            {
                return true;
            }

            var readings = await tab.ReadingsAsync();
            await tab.Page.Clock.FastForwardAsync(30_000);
            await Wait.UntilAsync(async () => await tab.ReadingsAsync() > readings, "the page reads again");
            return false;
        },
        async () => $"It still does not hold that {what}: {await tab.Page.Locator("#github").TextContentAsync()}",
        TestContext.Current.CancellationToken);
}
