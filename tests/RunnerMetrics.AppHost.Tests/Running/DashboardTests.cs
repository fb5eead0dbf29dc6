using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>What a person sees of the stack: Aspire's dashboard, in a browser, and what Ctrl-C leaves.</summary>
public class DashboardTests
{
    private static readonly string Pictures = Path.Combine(RepositoryFolder.Path, "docs", "images");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_OfTheStack_ShowsItsResourcesHealthyWithTheirLinksAndARunAsATrace()
    {
        SkipElsewhere();
        Assert.SkipUnless(File.Exists(Browser.Program), "Chromium is not on this machine: run ./test.sh, or apt-get install chromium");
        await using var host = StartedAppHost.Start("--Stack=processes", "--KeepData=false", "--Speed=100");
        var login = new Uri((await host.Program.WaitForLineAsync(@"Login to the dashboard at (\S+)")).Groups[1].Value);
        await using (var browser = await Browser.StartAsync())
        {
            await browser.UntilItSaysAsync(login.ToString(), "exporter", "Live page", "Metrics", "standard-1", "chrome-1", "chrome-go-1", "github", "automation");
            await browser.UntilAsync(
                new Uri(login, "/").ToString(),
                text => Running(text) >= 8 && !text.Contains("Unhealthy", StringComparison.Ordinal),
                text => $"of the exporter, GitHub, three runners and three agents {Running(text)} are healthy");
            await PictureAsync(browser, "apphost-resources.png");
            await LookAtARunAsync(browser, login);
        }

        var (output, errors) = (host.Program.Output.Length, host.Program.Errors.Length);
        Assert.Equal(0, await host.StopAsync());

        await host.Remains.RemoveAsync();

        // Of a page that is gone, or that lost its connection on a busy machine, the dashboard says so in its own way.
        Assert.DoesNotContain((host.Program.Output[output..] + host.Program.Errors[errors..]).Split('\n'), line => line.Contains("Exception", StringComparison.Ordinal) && !line.Contains("JSDisconnectedException", StringComparison.Ordinal));
    }

    // Of the traces those of runs whose end was told: the page of one, with its job, the job's wait and its steps.
    private static async Task LookAtARunAsync(Browser browser, Uri dashboard)
    {
        await browser.UntilAsync(
            new Uri(dashboard, "/traces?filters=cicd.pipeline.action.name%3Acontains%3ARUN").ToString(), text => text.Contains("exporter: RUN ", StringComparison.Ordinal), _ => "no run is a trace");
        var trace = await browser.EvaluateAsync(
            """
            [...document.querySelectorAll('tr')].filter(row => row.innerText.includes('exporter: RUN '))
              .map(row => row.querySelector('[aria-label*="Trace Id: "]')?.getAttribute('aria-label').split('Trace Id: ')[1]).find(id => id)
            """);
        await browser.UntilItSaysAsync(new Uri(dashboard, $"/traces/detail/{trace}").ToString(), "exporter: RUN ", "queue-", "Set up job");
        await PictureAsync(browser, "apphost-job.png");
    }

    private static int Running(string text) => text.Split('\n').Count(line => line.Trim() == "Running");

    [Fact]
    public async Task CtrlC_WhileItStarts_LeavesNothing()
    {
        SkipElsewhere();
        await using var host = StartedAppHost.Start("--Stack=processes", "--KeepData=false");
        await host.Program.WaitForLineAsync("Distributed application starting");

        Assert.Equal(0, await host.StopAsync());

        await host.Remains.UntilGoneAsync();
        Assert.DoesNotContain("Exception", host.Program.Said, StringComparison.Ordinal);
    }

    private static void SkipElsewhere() => Assert.SkipUnless(OperatingSystem.IsLinux(), "What is left of a program is read from /proc, which only Linux has.");

    // The pictures of docs/developing.md.
    private static async Task PictureAsync(Browser browser, string name)
    {
        // Where nobody trusts a developer certificate, each page says so; nothing here uses one.
        await browser.EvaluateAsync("document.querySelectorAll('.messagebar-container').forEach(bar => bar.style.display = 'none')");
        var picture = await browser.PictureAsync();
        Assert.NotEmpty(picture);
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            await File.WriteAllBytesAsync(Path.Combine(Pictures, name), picture, Cancelled);
        }
    }
}
