using Microsoft.Playwright;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>Debian's Chromium without a window, one for all tests of a class. Playwright's driver comes with its package; nothing is downloaded.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        // Playwright's own limit is five seconds, which a busy machine can pass.
        Assertions.SetDefaultExpectTimeout((float)Patience.Limit.TotalMilliseconds);
        if (File.Exists(Program))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--enable-precise-memory-info"],
                Timeout = (float)Patience.Limit.TotalMilliseconds,
            });
        }
    }

    /// <summary>A tab that watches what its page does; or the test is skipped where there is no browser.</summary>
    /// <param name="width">Of the window, in pixels.</param>
    /// <param name="isDark">Whether the system is dark.</param>
    /// <param name="hasScripts">Whether scripts run.</param>
    internal async Task<WatchedTab> OpenAsync(int width = 1280, bool isDark = false, bool hasScripts = true)
    {
        Assert.SkipWhen(_browser is null, $"{Program} is missing. Run ./test.sh, or: apt-get install chromium");
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light,
            JavaScriptEnabled = hasScripts,
        });
        return await WatchedTab.OpenAsync(context);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
