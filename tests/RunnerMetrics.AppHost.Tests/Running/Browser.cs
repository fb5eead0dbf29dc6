using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AppHost.Tests.Running;

/// <summary>Debian's Chromium without a window, told what to do over its own DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    public const string Program = "/usr/bin/chromium";

    private readonly RunningProgram _program;
    private readonly DirectoryInfo _profile;
    private readonly ClientWebSocket _page = new();
    private int _id;

    private Browser(RunningProgram program, DirectoryInfo profile) => (_program, _profile) = (program, profile);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Browser> StartAsync()
    {
        var profile = Directory.CreateTempSubdirectory("runner-metrics-browser-");
        var program = RunningProgram.Start(
            Program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars", "--window-size=1500,900", "--remote-debugging-port=0", $"--user-data-dir={profile.FullName}", "about:blank");
        var browser = new Browser(program, profile);
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    public Task GoToAsync(string url) => AskAsync("Page.navigate", new JsonObject { ["url"] = url });

    /// <summary>The value of an expression of JavaScript, as text.</summary>
    public async Task<string> EvaluateAsync(string expression) =>
        (await AskAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})" }))["result"]?["value"]?.GetValue<string>() ?? "";

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
        var (text, opened, patience) = ("", TimeProvider.System.GetTimestamp(), TimeSpan.FromSeconds(15));
        await GoToAsync(url);
        await Until.TrueAsync(
            async () =>
            {
                text = await EvaluateAsync("document.body ? document.body.innerText : ''");
                if (isRight(text))
                {
                    return true;
                }

                if (TimeProvider.System.GetElapsedTime(opened) > patience)
                {
                    (opened, patience) = (TimeProvider.System.GetTimestamp(), patience * 2);
                    await GoToAsync(url);
                }

                return false;
            },
            () => $"{url} is not as it has to be: {lack(text)}; it says: {text}");
    }

    public async Task<byte[]> PictureAsync() => Convert.FromBase64String((await AskAsync("Page.captureScreenshot", new JsonObject { ["format"] = "png" }))["data"]!.GetValue<string>());

    public async ValueTask DisposeAsync()
    {
        _page.Dispose();
        await _program.DisposeAsync();
        try
        {
            _profile.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A process of it writes its last file.
        }
    }

    private async Task ConnectAsync()
    {
        // DevTools listening on ws://127.0.0.1:38417/devtools/browser/2b6f4c6e-…
        var listens = await _program.WaitForLineAsync("DevTools listening on ws://([^/]+)/");
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{listens.Groups[1]}/json"), Cancelled))!.AsArray();
        await _page.ConnectAsync(new Uri(pages.First(page => page!["type"]!.GetValue<string>() == "page")!["webSocketDebuggerUrl"]!.GetValue<string>()), Cancelled);
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        var id = ++_id;
        await _page.SendAsync(Encoding.UTF8.GetBytes(new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString()), WebSocketMessageType.Text, true, Cancelled);
        while (true)
        {
            using var message = new MemoryStream();
            var buffer = new byte[64 * 1024];
            WebSocketReceiveResult part;
            do
            {
                part = await _page.ReceiveAsync(buffer, Cancelled);
                message.Write(buffer, 0, part.Count);
            }
            while (!part.EndOfMessage);

            var answer = JsonNode.Parse(message.ToArray())!;
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
            }
        }
    }
}
