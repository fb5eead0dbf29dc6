using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Automation.Tests.Apis;

/// <summary>Each way that a call to an API can end, against a server that speaks its protocol. One class, because each test is one such end of the same call.</summary>
public sealed class ApiMetricsHandlerTests : IAsyncLifetime
{
    private readonly ServedMeters _meters = new();
    private readonly ApiMetrics _metrics;
    private StandInApi _api = null!;
    private HttpClient _client = null!;

    public ApiMetricsHandlerTests() => _metrics = new ApiMetrics(_meters, "deepseek");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _api = await StandInApi.StartAsync();
        _client = ClientWith(Patience.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
        _meters.Dispose();
    }

    private PatientHttpClient ClientWith(TimeSpan timeout) => new(new ApiMetricsHandler(_metrics, timeout)) { Timeout = Timeout.InfiniteTimeSpan };

    private Uri Address => new(_api.Address, "/chat/completions");

    private async Task<string> CallAsync(HttpClient? client = null, CancellationToken? cancelled = null)
    {
        using var response = await (client ?? _client).PostAsync(Address, new StringContent("{}"), cancelled ?? Cancelled);
        return await response.Content.ReadAsStringAsync(Cancelled);
    }

    private Task<HttpResponseMessage> StreamAsync(HttpClient? client = null) => (client ?? _client).SendAsync(
        new HttpRequestMessage(HttpMethod.Post, Address), HttpCompletionOption.ResponseHeadersRead, Cancelled);

    /// <summary>Every call is counted once, with one status; an error's type goes with it, and a duration.</summary>
    private Scraped AssertCounts(string status, string? type = null, int calls = 1)
    {
        var scrape = _meters.Scrape();
        Assert.Equal(calls, scrape[$"deepseek_api_calls_total{{status=\"{status}\"}}"]);
        Assert.Equal(calls, scrape.Sum("deepseek_api_calls_total"));
        Assert.Equal(type is null ? 0 : calls, scrape.Sum("deepseek_api_errors_total"));
        Assert.True(type is null || scrape[$"deepseek_api_errors_total{{type=\"{type}\"}}"] == calls, scrape.Text);
        Assert.Equal(status == "rate_limited" ? calls : 0, scrape["deepseek_api_rate_limits_total"]);
        Assert.Equal(calls > 0 ? calls : null, scrape["deepseek_api_request_duration_seconds_count"]);
        return scrape;
    }

    private static void AssertTokens(Scraped scrape, double? prompt, double? completion) => Assert.Equal(
        (prompt, completion), (scrape["deepseek_api_tokens_used_total{kind=\"prompt\"}"], scrape["deepseek_api_tokens_used_total{kind=\"completion\"}"]));

    [Fact]
    public async Task Call_NoneYet_IsZeroAndWhatIsNotMeasuredIsAbsent()
    {
        var scrape = AssertCounts("success", calls: 0);
        AssertTokens(scrape, null, null);
        Assert.Null(scrape["deepseek_api_response_time_seconds"]);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Call_GoodAnswer_CountsItsTokensAndPassesItOnUnchanged()
    {
        Assert.Equal(StandInApi.Completion, await CallAsync());
        AssertTokens(AssertCounts("success"), 12, 34);
        await CallAsync();
        var scrape = AssertCounts("success", calls: 2);
        AssertTokens(scrape, 24, 68);
        Assert.NotNull(scrape["deepseek_api_response_time_seconds"]);
    }

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{"choices":[],"usage":null}""")]
    [InlineData("""{"choices":[],"usage":{}}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":null,"completion_tokens":"3"}}""")]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":-3,"completion_tokens":1.5}}""")]
    [InlineData("""{"choices":[{"usage":{"prompt_tokens":3}}],"other":{"usage":{"completion_tokens":3}}}""")]
    public async Task Call_UsageMissing_LeavesTokensAbsent(string answer)
    {
        _api.Answer = context => StandInApi.JsonAsync(context, answer);
        await CallAsync();

        AssertTokens(AssertCounts("success"), null, null);
    }

    [Fact]
    public async Task Call_RateLimited_KeepsWhenToComeBack()
    {
        _api.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "120";
            return Task.CompletedTask;
        };
        var before = TimeProvider.System.GetUtcNow();
        await CallAsync();

        AssertCounts("rate_limited");
        Assert.InRange(_metrics.RetryAt!.Value, before.AddSeconds(120), TimeProvider.System.GetUtcNow().AddSeconds(120));
    }

    [Theory]
    [InlineData(500, "server")]
    [InlineData(503, "server")]
    [InlineData(401, "authentication")]
    [InlineData(403, "authentication")]
    [InlineData(400, "client")]
    [InlineData(304, "invalid_response")]
    public async Task Call_RefusedOrFailed_CountsAsAnErrorOfItsType(int status, string type)
    {
        _api.Answer = context =>
        {
            context.Response.StatusCode = status;
            return status == 304 ? Task.CompletedTask : context.Response.WriteAsync("no", context.RequestAborted);
        };
        await CallAsync();

        AssertTokens(AssertCounts("error", type), null, null);
    }

    [Fact]
    public async Task Call_NoAnswerInTime_CountsAsATimeout()
    {
        _api.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        using var hasty = ClientWith(TimeSpan.FromMilliseconds(50));

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => CallAsync(hasty));
        Assert.IsType<TimeoutException>(thrown.InnerException);
        Assert.Null(AssertCounts("timeout", "timeout")["deepseek_api_response_time_seconds"]);
    }

    [Fact]
    public async Task Call_BodyThatStops_CountsAsATimeout()
    {
        _api.Answer = async context =>
        {
            await StandInApi.StreamAsync(context, "{\"choices\":[]}");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        // Long enough for the head to come on a machine that does much else.
        using var hasty = ClientWith(TimeSpan.FromSeconds(20));
        using var response = await StreamAsync(hasty);
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);

        var thrown = await Assert.ThrowsAsync<TaskCanceledException>(() => body.CopyToAsync(Stream.Null, Cancelled));
        Assert.IsType<TimeoutException>(thrown.InnerException);
        AssertCounts("timeout", "timeout");
    }

    [Fact]
    public async Task Call_CallerGivesUp_CountsAsCancelledAndNoError()
    {
        using var caller = new CancellationTokenSource();
        _api.Answer = async context =>
        {
            await caller.CancelAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CallAsync(cancelled: caller.Token));
        AssertCounts("cancelled");
    }

    [Fact]
    public async Task Call_NobodyListens_CountsAsANetworkError()
    {
        await _api.DisposeAsync();
        var gone = new Uri("http://127.0.0.1:1/chat/completions");

        await Assert.ThrowsAsync<HttpRequestException>(() => _client.GetAsync(gone, Cancelled));
        AssertCounts("error", "network");
    }

    [Fact]
    public async Task Call_ConnectionThatBreaks_CountsAsANetworkError()
    {
        _api.Answer = async context =>
        {
            await StandInApi.StreamAsync(context, "{}");
            context.Abort();
        };

        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync());
        AssertCounts("error", "network");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"choices\":[")]
    [InlineData("<html>busy</html>")]
    [InlineData("""{"usage":{"prompt_tokens":12,"completion_tokens":34}}}""")]
    public async Task Call_BrokenJson_CountsAsAnInvalidResponseAndNoTokens(string answer)
    {
        _api.Answer = context => StandInApi.JsonAsync(context, answer);
        Assert.Equal(answer, await CallAsync());

        AssertTokens(AssertCounts("error", "invalid_response"), null, null);
    }

    [Fact]
    public async Task Stream_Answer_ReachesTheReaderPieceByPieceAndCountsTheLastUsage()
    {
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _api.Answer = async context =>
        {
            await StandInApi.StreamAsync(context, """{"choices":[{"delta":{"content":"a"}}],"usage":null}""");
            await goOn.Task;
            await StandInApi.StreamAsync(context, """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1}}""", $$"""{"choices":[],"usage":{{StandInApi.Usage}}}""", "[DONE]");
        };
        using var response = await StreamAsync();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));

        // The first event is here before the second is sent: nothing waits for the whole body.
        Assert.StartsWith("data: {\"choices\"", await reader.ReadLineAsync(Cancelled), StringComparison.Ordinal);
        AssertCounts("success", calls: 0);
        goOn.SetResult();
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
        AssertTokens(AssertCounts("success"), 12, 34);
    }

    [Fact]
    public async Task Stream_ReaderStopsAtDone_CountsAsSuccess()
    {
        _api.Answer = async context =>
        {
            await StandInApi.StreamAsync(context, $$"""{"choices":[],"usage":{{StandInApi.Usage}}}""", "[DONE]");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using (var response = await StreamAsync())
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
            while (await reader.ReadLineAsync(Cancelled) is not "data: [DONE]")
            {
            }
        }

        AssertTokens(AssertCounts("success"), 12, 34);
    }

    [Fact]
    public async Task Stream_ReaderStopsBeforeTheEnd_CountsAsCancelled()
    {
        _api.Answer = async context =>
        {
            await StandInApi.StreamAsync(context, "{}");
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        using (var response = await StreamAsync())
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));
            await reader.ReadLineAsync(Cancelled);
        }

        AssertCounts("cancelled");
    }

    [Fact]
    public async Task Stream_BrokenEvent_CountsAsAnInvalidResponse()
    {
        _api.Answer = context => StandInApi.StreamAsync(context, "{\"choices\":[", "[DONE]");
        await CallAsync();

        AssertCounts("error", "invalid_response");
    }

    [Fact]
    public async Task Call_LongAnswer_IsNotKept()
    {
        var words = new string('x', 1 << 20);
        _api.Answer = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"content\":\"", Cancelled);
            for (var i = 0; i < 64; i++)
            {
                await context.Response.WriteAsync(words, Cancelled);
            }

            await context.Response.WriteAsync($"\",\"usage\":{StandInApi.Usage}}}", Cancelled);
        };
        using var response = await StreamAsync();
        await using var body = await response.Content.ReadAsStreamAsync(Cancelled);
        var buffer = new byte[1 << 16];
        var (read, before) = (0L, GC.GetTotalMemory(forceFullCollection: true));
        var most = 0L;
        for (int n; (n = await body.ReadAsync(buffer, Cancelled)) > 0;)
        {
            read += n;
            if (read >> 24 != (read - n) >> 24)
            {
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
            }
        }

        Assert.True(read > 64 << 20);
        Assert.InRange(most, long.MinValue, 32 << 20);
        AssertTokens(AssertCounts("success"), 12, 34);
    }

    [Fact]
    public void Call_Synchronous_CountsAlike()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Address);
        using var response = _client.Send(request, Cancelled);
        using var reader = new StreamReader(response.Content.ReadAsStream(Cancelled), Encoding.UTF8);
        Assert.Equal(StandInApi.Completion, reader.ReadToEnd());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        AssertTokens(AssertCounts("success"), 12, 34);
    }
}
