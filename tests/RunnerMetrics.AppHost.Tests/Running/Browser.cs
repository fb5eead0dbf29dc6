using Microsoft.Playwright;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>A page in Debian's Chromium without a window. Playwright's driver comes with its package; nothing is downloaded.</summary>
internal sealed class Browser : IAsyncDisposable
{
    public const string Program = "/usr/bin/chromium";

    private static readonly float MostMilliseconds = (float)Patience.Limit.TotalMilliseconds;

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;

    private Browser(IPlaywright playwright, IBrowser browser, IPage page) => (_playwright, _browser, _page) = (playwright, browser, page);

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Playwright.CreateAsync();
        try
        {
            var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-dev-shm-usage"], Timeout = MostMilliseconds });
            return new Browser(playwright, browser, await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = 1500, Height = 900 } }));
        }
        catch
        {
            playwright.Dispose();
            throw;
        }
    }

    /// <summary>The value of an expression of JavaScript, as text.</summary>
    public Task<string> EvaluateAsync(string expression) => _page.EvaluateAsync<string>($"String({expression})").WaitAsync(Patience.Limit);

    /// <summary>Waits for words on a page.</summary>
    public Task UntilItSaysAsync(string url, params string[] words) =>
        UntilAsync(url, text => words.All(word => text.Contains(word, StringComparison.Ordinal)), text => $"it lacks {string.Join(", ", words.Where(word => !text.Contains(word, StringComparison.Ordinal)))}");

    /// <summary>
    /// Goes to a page and waits until its text is right. A page that was opened before its server listens, or whose connection to it was lost on a busy machine, stays as it is for good:
    /// so it is opened again now and then, each time with twice the patience.
    /// </summary>
    /// <param name="url">The page.</param>
    /// <param name="isRight">Looks at its text.</param>
    /// <param name="lack">Says what the text lacks.</param>
    public async Task UntilAsync(string url, Func<string, bool> isRight, Func<string, string> lack)
    {
        var (text, patience) = ("", TimeSpan.FromSeconds(15));
        long? opened = null;
        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    if (opened is not { } at || TimeProvider.System.GetElapsedTime(at) > patience)
                    {
                        (opened, patience) = (TimeProvider.System.GetTimestamp(), opened is null ? patience : patience * 2);
                        await _page.GotoAsync(url, new PageGotoOptions { WaitUntil = WaitUntilState.Commit, Timeout = (float)patience.TotalMilliseconds });
                    }

                    text = await _page.Locator("body").InnerTextAsync(new LocatorInnerTextOptions { Timeout = (float)patience.TotalMilliseconds });
                    return isRight(text);
                }
                catch (Exception e) when (e is TimeoutException or PlaywrightException)
                {
                    text = e.Message;
                    return false;
                }
            },
            () => $"{url} is not as it has to be: {lack(text)}; it says: {text}");
    }

    public Task<byte[]> PictureAsync() => _page.ScreenshotAsync(new PageScreenshotOptions { Timeout = MostMilliseconds });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
