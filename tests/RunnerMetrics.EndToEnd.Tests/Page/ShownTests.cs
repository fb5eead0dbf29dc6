using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.EndToEnd.Tests.Dashboards;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Reason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>What the page shows in a real browser.</summary>
public partial class ShownTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_OfASimulatedDay_ShowsEachJobAsTheSimulatorKnowsIt()
    {
        var day = new SimulatedDay(new DateTimeOffset(2026, 11, 28, 12, 0, 0, TimeSpan.Zero));
        await using var exporter = await DaysExporter.StartAsync(day.Start, Cancelled);
        await using var tab = await browser.OpenAsync();
        for (var now = day.Start + SimulatedDay.Step; now <= day.End; now += SimulatedDay.Step)
        {
            var (events, webhooks) = day.Next(now);
            await exporter.TellAsync(now, events, webhooks, Cancelled);
        }

        await tab.GoAsync(exporter.Http);
        Assert.Equal(day.Busy, (await tab.Page.Locator("#running-list .row").AllAsync()).Count(_ => true) - await UnresolvedAsync(tab));
        Assert.Equal($"{day.Waiting}", await tab.Page.Locator("#tile-queued .value").InnerTextAsync());
        while (await tab.Page.Locator("#jobs-more").IsVisibleAsync())
        {
            var readings = await tab.ReadingsAsync();
            await tab.Page.Locator("#jobs-more").ClickAsync();
            await Wait.UntilAsync(async () => await tab.ReadingsAsync() > readings, "the page reads again");
        }

        var shown = (await tab.Page.EvaluateAsync<string[][]>(
            "() => [...document.querySelectorAll('#jobs-list .row')].map(row => [row.querySelector('a.out').href, row.querySelector('.state > span').firstChild.textContent, row.querySelector('.state small')?.textContent ?? ''])"))
            .ToDictionary(row => long.Parse(Run().Match(row[0]).Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), row => (State: row[1], Fault: row[2]));
        Assert.InRange(shown.Count, 300, 500);
        var oldest = shown.Keys.Min();
        foreach (var job in day.Ended.Where(job => job.Id >= oldest))
        {
            Assert.True(shown.TryGetValue(job.Id, out var row), $"Job {job.Id} is not shown.");
            Assert.Equal((job.Id, WordOf(job.Conclusion)), (job.Id, row.State));
            Assert.Equal((job.Id, FaultOf(job)), (job.Id, row.Fault));
        }

        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_OfHostileNames_ShowsThemAsText()
    {
        string[] names = ["<img src=x onerror=alert(1)>", "\"><script>alert(1)</script>", "'-alert(1)-'", "\u202Egnp.exe\u2066 rtl", new string('w', 128), "{{7*7}} ${7*7} %3Cb%3E", "名前 שלום"];
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync(360);
        tab.Page.Dialog += (_, dialog) => Assert.Fail($"A name ran: {dialog.Message}");
        var now = PageExporter.Now;
        var runners = names.Select(name => PageExporter.Runner(name)).ToArray();
        await exporter.TellAsync(runners.SelectMany((runner, i) => (Event[])[
            exporter.Beat(runner), exporter.Completed(i + 1, runner, now.AddMinutes(-1), now, Conclusion.Failed, Reason.Runner, names[i], names[i], names[i]), exporter.Started(i + 100, runner, now, names[i], names[i])]));
        await tab.GoAsync(exporter.Http);

        foreach (var (list, scale) in ((string, int)[])[("#runners-list", 1), ("#jobs-list", 2), ("#running-list", 1)])
        {
            var shown = await tab.Page.Locator($"{list} .what > a").AllTextContentsAsync();
            Assert.Equal(names.SelectMany(name => Enumerable.Repeat(name, scale)).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
        }

        Assert.True(await tab.Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), "The page is wider than its window.");
        for (var i = 0; i < names.Length; i++)
        {
            await tab.OpenAsync(exporter.Http, $"/?runner={Uri.EscapeDataString(names[i])}&runner_type=standard&runner_scope=github.com%2Facme");
            await Assertions.Expect(tab.Page.Locator("#detail-name bdi")).ToHaveTextAsync(names[i].Trim());
            await Assertions.Expect(tab.Page.Locator("#detail .strip li")).ToHaveCountAsync(2);
        }

        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_WithoutAScript_ShowsItsFirstViewAndFinds()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync(hasScripts: false);
        await PictureFleet.TellAsync(exporter);
        await tab.OpenAsync(exporter.Http);
        Assert.Equal(50, await tab.Page.Locator("#jobs-list .row").CountAsync());
        Assert.Equal(3, await tab.Page.Locator("#waiting-list .row").CountAsync());
        await tab.Page.Locator("select[name=conclusion]").SelectOptionAsync("failed");
        await tab.FollowAsync(() => tab.Page.Locator("#filters button", new() { HasText = "Find" }).ClickAsync(), () => tab.Page.WaitForURLAsync(url => url.Contains("conclusion=failed", StringComparison.Ordinal)));

        var states = await tab.TextsAsync("#jobs-list .state");
        Assert.NotEmpty(states);
        Assert.All(states, state => Assert.StartsWith("Failed", state, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Page_ByKeyboard_FindsOpensAndClosesAJob()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        await PictureFleet.TellAsync(exporter);
        await tab.GoAsync(exporter.Http);
        await tab.Page.Keyboard.PressAsync("/");
        await tab.Page.Keyboard.TypeAsync("lint");
        await Wait.UntilAsync(async () => (await tab.TextsAsync("#jobs-list .what > a")) is { Count: > 0 } names && names.All(name => name == "lint"), "the jobs named lint are found");
        Assert.Contains("q=lint", tab.Page.Url, StringComparison.Ordinal);

        await tab.Page.Locator("#jobs-list .what > a").First.FocusAsync();
        await tab.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(tab.Page.Locator("#detail-name")).ToHaveTextAsync("lint");
        Assert.Contains("job=", tab.Page.Url, StringComparison.Ordinal);
        await tab.ReloadAsync();
        await Assertions.Expect(tab.Page.Locator("#detail-name")).ToHaveTextAsync("lint");
        await tab.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(tab.Page.Locator("#detail")).ToBeHiddenAsync();
        Assert.DoesNotContain("job=", tab.Page.Url, StringComparison.Ordinal);
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_BehindTokens_IsSignedInToOnceAndHearsItsStream()
    {
        using var folder = new TemporaryFolder();
        var tokens = Path.Combine(folder.Path, "tokens");
        await File.WriteAllTextAsync(tokens, "0123456789abcdef-page\n", Cancelled);
        await using var exporter = await PageExporter.StartAsync(new Exporter.Configuration.ExporterOptions { ReadTokenFile = tokens });
        await using var tab = await browser.OpenAsync();
        await tab.OpenAsync(exporter.Http, "/?q=build");
        await tab.Page.Locator("#token").FillAsync("0123456789abcdef-none");
        await tab.FollowAsync(() => tab.Page.Keyboard.PressAsync("Enter"), () => Assertions.Expect(tab.Page.Locator("[role=alert]")).ToContainTextAsync("none of the tokens"));
        await tab.Page.Locator("#token").FillAsync("0123456789abcdef-page");
        await tab.FollowAsync(() => tab.Page.Keyboard.PressAsync("Enter"), () => tab.Page.Locator("#live").WaitForAsync());
        await Assertions.Expect(tab.Page.Locator("#live")).ToHaveTextAsync("Live");
        Assert.EndsWith("/?q=build", tab.Page.Url, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", tab.Page.Url, StringComparison.Ordinal);

        await exporter.TellAsync(exporter.Beat(PageExporter.Runner("build-7")));
        await tab.Page.Locator("#runners-list .what", new() { HasText = "build-7" }).WaitForAsync();
        await tab.Page.Locator("text=Sign out").ClickAsync();
        await tab.Page.Locator("#token").WaitForAsync();
        await tab.AssertCleanAsync(exporter.Http);
    }

    private static async Task<int> UnresolvedAsync(WatchedTab tab) => await tab.Page.Locator("#running-list .is-unresolved").CountAsync();

    private static string WordOf(Conclusion conclusion) => conclusion switch
    {
        Conclusion.Success => "Succeeded",
        Conclusion.Failed => "Failed",
        Conclusion.Cancelled => "Cancelled",
        _ => "Lost",
    };

    private static string FaultOf(DayJob job) => job.Conclusion != Conclusion.Failed ? "" : job.Reason switch
    {
        Reason.Job => "a step of the job",
        Reason.Setup => "its set-up",
        Reason.Runner => "the runner",
        _ => "cause unknown",
    };

    [GeneratedRegex("/actions/runs/([0-9]+)")]
    private static partial Regex Run();
}
