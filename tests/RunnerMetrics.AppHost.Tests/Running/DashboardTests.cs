using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>What a person sees of the stack: Aspire's dashboard, in a browser, and what Ctrl-C leaves.</summary>
public class DashboardTests
{
    private static readonly string Pictures = Path.Combine(RepositoryFolder.Path, "docs", "images");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_OfTheStack_ShowsItsResourcesHealthyWithTheirLinks()
    {
        SkipElsewhere();
        Assert.SkipUnless(File.Exists(Browser.Program), "Chromium is not on this machine: run ./test.sh, or apt-get install chromium");
        await using var host = StartedAppHost.Start("--Stack=processes", "--KeepData=false", "--Speed=100");
        var login = new Uri(await host.UntilItSaysAsync("Login to the dashboard at "));
        await using var browser = await Browser.StartAsync();

        await browser.GoToAsync(login.ToString());
        await browser.UntilItSaysAsync("exporter", "Status", "Metrics", "standard-1", "chrome-1", "chrome-go-1", "automation");
        var text = "";
        await Until.TrueAsync(
            async () =>
            {
                text = await browser.EvaluateAsync("document.body.innerText");
                return text.Split('\n').Count(line => line.Trim() == "Running") >= 7 && !text.Contains("Unhealthy", StringComparison.Ordinal);
            },
            () => $"not all of the exporter, three runners and three agents are healthy on the dashboard: {text}");
        await PictureAsync(browser, "apphost-resources.png");

        Assert.Equal(0, await host.StopAsync());

        // A runner that is being stopped may write into the folder after it was removed; the next start removes that.
        await host.UntilNoProgramIsLeftAsync();
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
