using System.Net;
using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Access;

public sealed class ReadingTests : IDisposable
{
    private const string Token = "0123456789abcdef-reads", Other = "fedcba9876543210-reads";

    private static readonly AuthenticationHeaderValue Bearer = new("Bearer", Token);

    private readonly TemporaryFolder _folder = new();

    private string TokenFile => Path.Combine(_folder.Path, "read-tokens");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics")]
    [InlineData("/api/v1/summary")]
    [InlineData("/api/v1/runners")]
    [InlineData("/api/v1/github")]
    [InlineData("/api/v1/jobs/1.1")]
    [InlineData("/api/v1/events")]
    [InlineData("/api/v1/openapi.json")]
    [InlineData("/api/v1/nothing")]
    public async Task Read_WithATokenFile_NeedsOneOfItsTokens(string path)
    {
        await using var exporter = await StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(exporter, path));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(exporter, path, new AuthenticationHeaderValue("Bearer", Token + "x")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(exporter, path, new AuthenticationHeaderValue("Basic", Token)));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(exporter, $"{path}?token={Token}"));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await StatusAsync(exporter, path, Bearer));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/ready")]
    [InlineData("/favicon.svg")]
    [InlineData("/assets/page.css")]
    public async Task Read_WhatTellsNothingOfTheFleet_NeedsNoToken(string path)
    {
        await using var exporter = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(exporter, path));
    }

    [Fact]
    public async Task SignIn_WithAToken_OpensAllThatIsReadUntilTheTokenIsTakenAway()
    {
        var clock = new ManualTimeProvider();
        await using var exporter = await StartAsync(clock);
        using var browser = Browser(exporter, out _);
        using var form = await browser.GetAsync(new Uri("/?job=1.1", UriKind.Relative), RunningExporter.Cancelled);
        var page = await form.Content.ReadAsStringAsync(RunningExporter.Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, form.StatusCode);
        Assert.Contains("action=\"/sign-in\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"/?job=1.1\"", page, StringComparison.Ordinal);

        using var signedIn = await SignInAsync(browser, Token, "/?job=1.1");
        Assert.Equal((HttpStatusCode.SeeOther, "/?job=1.1"), (signedIn.StatusCode, signedIn.Headers.Location!.OriginalString));
        var cookie = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; samesite=strict; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);
        foreach (var path in (string[])["/", "/metrics", "/api/v1/summary"])
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(path, UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
        }

        using var events = await browser.GetAsync(new Uri("/api/v1/events", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, RunningExporter.Cancelled);
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);

        await File.WriteAllTextAsync(TokenFile, Other + "\n", RunningExporter.Cancelled);
        clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Session_AfterARestart_HoldsAndAfterTwelveHoursDoesNot()
    {
        var clock = new ManualTimeProvider();
        string cookie;
        await using (var before = await StartAsync(clock))
        {
            using var browser = Browser(before, out _);
            using var signedIn = await SignInAsync(browser, Token);
            cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        }

        await using var exporter = await StartAsync(clock);
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(exporter, cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(exporter, cookie[..^2] + (cookie[^2] == 'A' ? "BB" : "AA")));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(exporter, "runner_metrics_session=x"));
        clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal(HttpStatusCode.OK, await StatusOfAsync(exporter, cookie));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusOfAsync(exporter, cookie));
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        await using var exporter = await StartAsync();
        using var browser = Browser(exporter, out var cookies);
        using var signedIn = await SignInAsync(browser, Token);
        Assert.Single(cookies.GetAllCookies());
        using var signedOut = await browser.PostAsync(new Uri("/sign-out", UriKind.Relative), null, RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.SeeOther, signedOut.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
    }

    [Fact]
    public async Task SignIn_TriedTooOften_HasToWaitAMinute()
    {
        var clock = new ManualTimeProvider();
        await using var exporter = await StartAsync(clock);
        using var browser = Browser(exporter, out _);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SignInAsync(browser, $"wrong-{i}")).StatusCode);
        }

        using var limited = await SignInAsync(browser, Token);
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), limited.Headers.RetryAfter!.Delta);
        Assert.False(limited.Headers.Contains("Set-Cookie"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(exporter, "/", Bearer));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.SeeOther, (await SignInAsync(browser, Token)).StatusCode);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("https://elsewhere.example/")]
    [InlineData("")]
    public async Task SignIn_ToAnotherSite_LeadsToThisOne(string back)
    {
        await using var exporter = await StartAsync();
        using var browser = Browser(exporter, out _);
        using var signedIn = await SignInAsync(browser, Token, back);

        Assert.Equal("/", signedIn.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task SignIn_FromAStrangersPage_IsRefused()
    {
        await using var exporter = await StartAsync();
        using var browser = Browser(exporter, out _);
        browser.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        using var refused = await SignInAsync(browser, Token);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Read_BeyondLoopbackWithoutAWord_IsOffButForMetrics()
    {
        await using var exporter = await RunningExporter.StartAsync(Beyond());
        using var here = new PatientHttpClient { BaseAddress = new UriBuilder(exporter.Http) { Host = "127.0.0.1" }.Uri };
        using var page = await here.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, page.StatusCode);
        Assert.Contains("Give it --read-token-file, or --open-page", await page.Content.ReadAsStringAsync(RunningExporter.Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await here.GetAsync(new Uri("/api/v1/summary", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(new Uri("/metrics", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
    }

    [Fact]
    public async Task Read_BeyondLoopbackWithAnOpenPage_IsOpen()
    {
        await using var exporter = await RunningExporter.StartAsync(Beyond() with { OpenPage = true });
        using var here = new PatientHttpClient { BaseAddress = new UriBuilder(exporter.Http) { Host = "127.0.0.1" }.Uri };

        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync(new Uri("/api/v1/summary", UriKind.Relative), RunningExporter.Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("localhost:1", HttpStatusCode.OK)]
    [InlineData("127.0.0.1", HttpStatusCode.OK)]
    [InlineData("exporter.localhost", HttpStatusCode.OK)]
    [InlineData("[::1]:9091", HttpStatusCode.OK)]
    [InlineData("rebound.example", HttpStatusCode.Forbidden)]
    [InlineData("127.0.0.1.example", HttpStatusCode.Forbidden)]
    public async Task Read_OnLoopbackByAnotherName_IsRefused(string host, HttpStatusCode status)
    {
        await using var exporter = await RunningExporter.StartAsync();
        foreach (var path in (string[])["/", "/api/v1/summary"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;
            Assert.Equal(status, (await exporter.Client.SendAsync(request, RunningExporter.Cancelled)).StatusCode);
        }
    }

    private ExporterOptions Beyond()
    {
        var tokens = Path.Combine(_folder.Path, "tokens");
        File.WriteAllText(tokens, "0123456789abcdef-agents\n");
        return new ExporterOptions { Bind = IPAddress.Any, TokenFile = tokens };
    }

    private async Task<RunningExporter> StartAsync(ManualTimeProvider? clock = null)
    {
        await File.WriteAllTextAsync(TokenFile, $"# who reads\n{Token}\n{Other}\n", RunningExporter.Cancelled);
        return await RunningExporter.StartAsync(new ExporterOptions { ReadTokenFile = TokenFile }, clock);
    }

    private static PatientHttpClient Browser(RunningExporter exporter, out CookieContainer cookies)
    {
        cookies = new CookieContainer();
        return new PatientHttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = cookies }) { BaseAddress = exporter.Http };
    }

    private static Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token, string back = "/") => browser.PostAsync(
        new Uri("/sign-in", UriKind.Relative), new FormUrlEncodedContent(new Dictionary<string, string> { ["token"] = token, ["return"] = back }), RunningExporter.Cancelled);

    private static async Task<HttpStatusCode> StatusAsync(RunningExporter exporter, string path, AuthenticationHeaderValue? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token;
        using var response = await exporter.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, RunningExporter.Cancelled);
        return response.StatusCode;
    }

    private static async Task<HttpStatusCode> StatusOfAsync(RunningExporter exporter, string cookie)
    {
        using var client = new PatientHttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = exporter.Http };
        client.DefaultRequestHeaders.Add("Cookie", cookie);
        return (await client.GetAsync(new Uri("/", UriKind.Relative), RunningExporter.Cancelled)).StatusCode;
    }
}
