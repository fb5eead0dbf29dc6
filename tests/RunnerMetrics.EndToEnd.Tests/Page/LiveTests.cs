using System.Diagnostics;
using Microsoft.Playwright;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Reason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>The page in a real browser, while things happen.</summary>
public class LiveTests(PageBrowser browser, ITestOutputHelper output) : IClassFixture<PageBrowser>
{
    /// <summary>By when a job's end is visible. It is held to that with <c>--long</c> only: otherwise other tests run beside this one.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task Page_WhileAJobEnds_ShowsItSoon()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        var runner = PageExporter.Runner();
        await exporter.TellAsync(exporter.Beat(runner));
        await tab.GoAsync(exporter.Http);
        List<TimeSpan> times = [];
        for (var job = 1; job <= 5; job++)
        {
            var start = PageExporter.Now;
            await exporter.TellAsync(exporter.Started(job, runner, start, $"job {job}"));
            await tab.Page.Locator("#running-list .what", new() { HasText = $"job {job}" }).WaitForAsync();
            var clock = Stopwatch.StartNew();
            await exporter.TellAsync(exporter.Completed(job, runner, start, start.AddSeconds(1), Conclusion.Failed, Reason.Job, $"job {job}"));
            await tab.Page.Locator("#jobs-list .row", new() { HasText = $"job {job}" }).Filter(new() { HasText = "Failed" }).WaitForAsync();
            times.Add(clock.Elapsed);
        }

        output.WriteLine($"A job's end is visible after {string.Join(", ", times.Select(time => $"{time.TotalMilliseconds:F0} ms"))}");
        Assert.True(times.Max() < Limit || !LongProof.IsWhole, $"The slowest of {times.Count} took {times.Max()}.");
        await Assertions.Expect(tab.Page.Locator("#running-list")).ToContainTextAsync("No job runs.");
        await Assertions.Expect(tab.Page.Locator("#tile-failed .value")).ToHaveTextAsync("5");
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_WhileTheExporterStartsAgain_GoesOnWithAllThatHappened()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        var runner = PageExporter.Runner();
        await exporter.TellAsync(exporter.Beat(runner), exporter.Started(1, runner, PageExporter.Now, "before"));
        await tab.GoAsync(exporter.Http);
        var live = tab.Page.Locator("#live");
        await Assertions.Expect(live).ToHaveTextAsync("Live");

        await exporter.StopAsync();
        await Assertions.Expect(live).ToHaveTextAsync("Not connected: trying again");
        await exporter.StartAgainAsync();
        await exporter.TellAsync(exporter.Completed(1, runner, PageExporter.Now.AddSeconds(-5), PageExporter.Now, name: "before"));
        await Assertions.Expect(live).ToHaveTextAsync("Live");
        await tab.Page.Locator("#jobs-list .row", new() { HasText = "before" }).Filter(new() { HasText = "Succeeded" }).WaitForAsync();
        await exporter.TellAsync(exporter.Completed(2, runner, PageExporter.Now.AddSeconds(-5), PageExporter.Now, name: "after"));
        await tab.Page.Locator("#jobs-list .row", new() { HasText = "after" }).WaitForAsync();
        await tab.AssertCleanAsync(exporter.Http);
    }

    [Fact]
    public async Task Page_OverAnHourOfEvents_GrowsNoLarger()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        var runners = Enumerable.Range(1, 20).Select(number => PageExporter.Runner($"build-{number}")).ToArray();
        await exporter.TellAsync(runners.Select(runner => exporter.Beat(runner)));
        await tab.GoAsync(exporter.Http);
        var devTools = await tab.Page.Context.NewCDPSessionAsync(tab.Page);
        var job = 0;
        await RunAsync(LongProof.Of(8, 60)); // until every list is as full as it gets
        var (heapBefore, nodesBefore) = await SizeAsync();
        await RunAsync(LongProof.Of(15, 3600 / 20));
        var (heap, nodes) = await SizeAsync();
        output.WriteLine($"After {job} jobs: {heap / 1e6:F1} MB of heap ({heapBefore / 1e6:F1} before), {nodes} nodes ({nodesBefore} before)");
        Assert.True(nodes < nodesBefore * 1.1, $"{nodesBefore} nodes became {nodes}.");
        Assert.True(heap < heapBefore + 3e6, $"{heapBefore} bytes became {heap}.");

        async Task RunAsync(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                var readings = await tab.ReadingsAsync();
                var now = PageExporter.Now;
                await exporter.TellAsync(runners.Select(runner => exporter.Completed(++job, runner, now.AddSeconds(-30), now, name: $"job {job}")));
                await Wait.UntilAsync(async () => await tab.ReadingsAsync() > readings, "the page reads again");
            }
        }

        async Task<(double Heap, double Nodes)> SizeAsync()
        {
            await devTools.SendAsync("HeapProfiler.collectGarbage");
            return (await tab.Page.EvaluateAsync<double>("() => performance.memory.usedJSHeapSize"), await tab.Page.EvaluateAsync<double>("() => document.querySelectorAll('*').length"));
        }
    }

    [Fact]
    public async Task Page_Hidden_HearsNothingAndReadsAllWhenItIsSeen()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.GoAsync(exporter.Http);
        await Assertions.Expect(tab.Page.Locator("#live")).ToHaveTextAsync("Live");
        const string Hide = "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }";
        await tab.Page.EvaluateAsync(Hide, true);
        await exporter.TellAsync(exporter.Beat(PageExporter.Runner("seen-later")));
        await tab.Page.EvaluateAsync(Hide, false);

        await tab.Page.Locator("#runners-list .what", new() { HasText = "seen-later" }).WaitForAsync();
    }

    [Fact]
    public async Task Page_WhoseConnectionWasCutWithoutAWord_OpensAnother()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        await tab.Page.Clock.InstallAsync();
        await tab.GoAsync(exporter.Http);
        await Assertions.Expect(tab.Page.Locator("#live")).ToHaveTextAsync("Live");

        var again = tab.Page.WaitForRequestAsync("**/api/v1/events");
        await tab.Page.Clock.FastForwardAsync((long)TimeSpan.FromMinutes(1).TotalMilliseconds);
        await again;
        await Assertions.Expect(tab.Page.Locator("#live")).ToHaveTextAsync("Live");
    }

    [Fact]
    public async Task Page_OneOfWhoseQuestionsIsNeverAnswered_AsksAgain()
    {
        await using var exporter = await PageExporter.StartAsync();
        await using var tab = await browser.OpenAsync();
        var held = 0;
        await tab.Page.RouteAsync("**/api/v1/summary", route => Interlocked.Increment(ref held) > 1 ? route.ContinueAsync() : Task.CompletedTask);
        await tab.GoAsync(exporter.Http);
        await exporter.TellAsync(exporter.Beat(PageExporter.Runner("seen-later")));

        await Assertions.Expect(tab.Page.Locator("#tile-runners .value")).ToHaveTextAsync("1 / 1");
        Assert.True(held > 1);
    }

    [Fact]
    public async Task Page_OfARunnerThatFellSilent_NamesItFirst()
    {
        await using var exporter = await PageExporter.StartAsync(new Exporter.Configuration.ExporterOptions { Fleet = new Domain.Fleet.FleetOptions { OfflineAfter = TimeSpan.FromSeconds(1) } });
        await using var tab = await browser.OpenAsync();
        await exporter.TellAsync(exporter.Beat(PageExporter.Runner("silent-1")));
        await tab.GoAsync(exporter.Http);

        await tab.Page.Locator("#attention-list .row", new() { HasText = "silent-1" }).Filter(new() { HasText = "Offline" }).WaitForAsync();
        await Assertions.Expect(tab.Page.Locator("#verdict")).ToHaveTextAsync("1 runner offline");
        Assert.Equal("(1) RunnerMetrics", await tab.Page.TitleAsync());
    }
}
