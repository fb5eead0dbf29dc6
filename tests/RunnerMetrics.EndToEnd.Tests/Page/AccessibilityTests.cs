using Deque.AxeCore.Playwright;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>Everybody can use the page: axe looks for what would keep somebody from it. With UPDATE_DOCS=1 the pictures of the documentation are taken anew.</summary>
public class AccessibilityTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    [Theory]
    [InlineData(360, false)]
    [InlineData(360, true)]
    [InlineData(768, false)]
    [InlineData(768, true)]
    [InlineData(1280, false)]
    [InlineData(1280, true)]
    [InlineData(1920, false)]
    [InlineData(1920, true)]
    public async Task Page_InWhicheverWidthAndColours_KeepsNobodyOut(int width, bool isDark)
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync(width, isDark);
        await PictureFleet.TellAsync(exporter);
        await tab.GoAsync(exporter.Http);
        await AssertFineAsync(tab, "the page");
        await TakeAsync(tab, $"live-page-{width}-{(isDark ? "dark" : "light")}");

        // A click can fall into the moment in which its row is drawn again. Whoever uses the page clicks again, and so does this test.
        var dialog = tab.Page.Locator("#detail");
        await Wait.UntilAsync(
            async () =>
            {
                if (!await dialog.IsVisibleAsync())
                {
                    await tab.Page.Locator("#jobs-list .row:has(.where a) .what > a").First.ClickAsync();
                }

                return await dialog.Locator(".facts").IsVisibleAsync();
            },
            async () => $"The job does not open: {await dialog.TextContentAsync()}",
            TestContext.Current.CancellationToken);
        await AssertFineAsync(tab, "a job");
        await tab.Page.Locator("#detail .facts a").First.ClickAsync();
        await tab.Page.Locator("#detail .strip").WaitForAsync();
        await AssertFineAsync(tab, "a runner");
        await TakeAsync(tab, $"live-page-runner-{width}-{(isDark ? "dark" : "light")}");
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task SignIn_KeepsNobodyOut()
    {
        using var folder = new TemporaryFolder();
        var tokens = Path.Combine(folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, "0123456789abcdef-page\n", TestContext.Current.CancellationToken);
        await using var exporter = await PageExporter.StartAsync(new Exporter.Configuration.ExporterOptions { ReadTokenFile = tokens });
        await using var tab = await browser.OpenAsync(360);
        await tab.OpenAsync(exporter.Http);

        await AssertFineAsync(tab, "the form");
    }

    private static async Task AssertFineAsync(WatchedTab tab, string what)
    {
        var violations = (await tab.Page.RunAxe()).Violations;
        Assert.True(violations.Length == 0, $"{what}: {string.Join("\n", violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Take(3).Select(node => node.Html))}"))}");
        Assert.True(await tab.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), $"{what} is wider than its window.");
    }

    private static async Task TakeAsync(WatchedTab tab, string name)
    {
        if (Environment.GetEnvironmentVariable("RUNNER_METRICS_PICTURES") is { Length: > 0 } folder)
        {
            await tab.Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        }
    }
}
