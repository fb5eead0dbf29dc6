using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>What a person sees of the stack: Aspire's dashboard, in a browser, and what Ctrl-C leaves.</summary>
public class DashboardTests
{
    private static readonly string Pictures = Path.Combine(RepositoryFolder.Path, "docs", "images");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_OfTheStack_ShowsItsResourcesAndAJobAsATrace()
    {
        SkipElsewhere();
        Assert.SkipUnless(File.Exists(Browser.Program), "Chromium is not on this machine: run ./test.sh, or apt-get install chromium");
        await using var host = StartedAppHost.Start("--Stack=processes", "--KeepData=false", "--Speed=100");
        var login = new Uri(await host.UntilItSaysAsync("Login to the dashboard at "));
        await using var browser = await Browser.StartAsync();

        await browser.GoToAsync(login.ToString());
        await browser.UntilItSaysAsync("exporter", "Status", "Metrics", "standard-1", "chrome-1", "chrome-go-1", "automation");
        await Until.TrueAsync(
            async () => await browser.EvaluateAsync("(document.body.innerText.match(/Running(?! \\()/g) ?? []).length") is { Length: > 0 } running && int.Parse(running, System.Globalization.CultureInfo.InvariantCulture) >= 7,
            () => "fewer than the exporter, three runners and three agents run on the dashboard");
        await PictureAsync(browser, "apphost-resources.png");

        await browser.GoToAsync(new Uri(login, "/traces").ToString());
        const string Job = """[...document.querySelectorAll('a')].find(link => link.getAttribute('href')?.startsWith('/traces/detail') && /: job /.test(link.closest('tr, fluent-data-grid-row')?.innerText ?? ''))""";
        await Until.TrueAsync(async () => await browser.EvaluateAsync($"{Job} !== undefined") == "true", () => "no job is among the traces");
        await browser.GoToAsync(new Uri(login, await browser.EvaluateAsync($"{Job}.getAttribute('href')")).ToString());
        await browser.UntilItSaysAsync("job ", "wait", "run");
        await PictureAsync(browser, "apphost-job.png");

        Assert.Equal(0, await host.StopAsync());
        await host.UntilNothingIsLeftAsync();
        Assert.DoesNotContain("Exception", host.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CtrlC_WhileItStarts_LeavesNothing()
    {
        SkipElsewhere();
        await using var host = StartedAppHost.Start("--Stack=processes", "--KeepData=false");
        await host.UntilItSaysAsync("Distributed application starting.");

        Assert.Equal(0, await host.StopAsync());

        await host.UntilNothingIsLeftAsync();
        Assert.DoesNotContain("Exception", host.Said, StringComparison.Ordinal);
    }

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "What is left of a program is read from /proc, which only Linux has.");

    // The pictures of docs/developing.md.
    private static async Task PictureAsync(Browser browser, string name)
    {
        var picture = await browser.PictureAsync();
        Assert.NotEmpty(picture);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllBytesAsync(Path.Combine(Pictures, name), picture, Cancelled);
        }
    }
}
