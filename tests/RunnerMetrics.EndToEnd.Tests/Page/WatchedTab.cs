using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>A tab of a browser, and all that its page did which it should not have done.</summary>
internal sealed class WatchedTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _requests = [];
    private readonly ConcurrentQueue<string> _troubles = [];

    private WatchedTab(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        page.PageError += (_, error) => _troubles.Enqueue(error);
        page.Console += (_, message) =>
        {
            // What the browser itself says of a connection that was cut is no trouble of the page's.
            if (message.Type == "error" && !message.Text.Contains("net::ERR_", StringComparison.Ordinal) && !message.Text.Contains("status of 4", StringComparison.Ordinal) && !message.Text.Contains("status of 5", StringComparison.Ordinal))
            {
                _troubles.Enqueue(message.Text);
            }
        };
    }

    public IPage Page { get; }

    public static async Task<WatchedTab> OpenAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout((float)Testing.Patience.Limit.TotalMilliseconds);
        var tab = new WatchedTab(context, await context.NewPageAsync());
        await tab.Page.AddInitScriptAsync("""
            window.violations = [];
            document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
            addEventListener('error', e => { window.isTorn ||= e.target instanceof Element; }, true);
            """);
        return tab;
    }

    /// <summary>Opens an address, and waits until the page has read what it shows.</summary>
    public async Task GoAsync(Uri exporter, string path = "/")
    {
        await OpenAsync(exporter, path);
        await Page.WaitForFunctionAsync("() => Number(document.getElementById('main')?.dataset.readings) >= 1");
    }

    /// <summary>Opens an address, and waits until all that belongs to it is loaded.</summary>
    public Task OpenAsync(Uri exporter, string path = "/")
    {
        var address = new Uri(exporter, path).ToString();
        return LoadAsync(() => Page.GotoAsync(address), () => Page.GotoAsync(address));
    }

    /// <summary>Does what leads to another page, a press of a button say, and waits until all that belongs to that page is loaded.</summary>
    /// <param name="press">What leads there.</param>
    /// <param name="arrive">Ends as soon as the other page is there.</param>
    public Task FollowAsync(Func<Task> press, Func<Task> arrive) => LoadAsync(
        async () =>
        {
            await press();
            await arrive();
        },
        () => Page.ReloadAsync());

    /// <summary>Loads the page again, and waits until all that belongs to it is loaded.</summary>
    public Task ReloadAsync() => LoadAsync(() => Page.ReloadAsync(), () => Page.ReloadAsync());

    /// <summary>How often the page has read what it shows.</summary>
    public Task<int> ReadingsAsync() => Page.EvaluateAsync<int>("() => Number(document.getElementById('main').dataset.readings)");

    /// <summary>The texts of what a selector finds.</summary>
    public async Task<IReadOnlyList<string>> TextsAsync(string selector) => await Page.Locator(selector).AllInnerTextsAsync();

    /// <summary>Asserts that the page broke no rule: no error, nothing that its policy forbids, and no request to anybody else.</summary>
    public async Task AssertCleanAsync(Uri exporter)
    {
        Assert.Empty(_troubles);
        Assert.Empty(await Page.EvaluateAsync<string[]>("() => window.violations"));
        Assert.All(_requests, request => Assert.True(new Uri(request).Authority == exporter.Authority, $"The page asked {request}."));
        Assert.NotEmpty(_requests);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    // The browser gives up what it loads when an interface of the machine's network comes or goes, as a container's does: then it is loaded again.
    private async Task LoadAsync(Func<Task> load, Func<Task> loadAgain)
    {
        for (var next = load; ; next = loadAgain)
        {
            try
            {
                await next();
                await Page.WaitForLoadStateAsync();
                if (!await Page.EvaluateAsync<bool>("() => window.isTorn === true"))
                {
                    return;
                }
            }
            catch (PlaywrightException e) when (e.Message.Contains("net::ERR_NETWORK_CHANGED", StringComparison.Ordinal))
            {
            }
        }
    }
}
