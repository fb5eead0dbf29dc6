using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.AutomationWorker.Explaining;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Explaining;

public sealed class ExplainerTests : IAsyncLifetime
{
    private static readonly FailedTest[] Failures = [new("CalcTests.Adds", "Expected 4, was 3")];

    private readonly ServedMeters _meters = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly TemporaryFolder _secrets = new();
    private StandInApi _first = null!;
    private StandInApi _second = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _first = await StandInApi.StartAsync();
        _second = await StandInApi.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _meters.Dispose();
        _secrets.Dispose();
    }

    private double? this[string sample] => _meters[sample];

    private ChatApi Api(string name, StandInApi api) =>
        new(new ApiSettings(name, api.Address, "model", _secrets.Write(name, $"# {name}\n\n key-{name} \n")), new ApiMetrics(_meters, name), _clock);

    private Explainer Both() => new([Api("deepseek", _first), Api("perplexity", _second)]);

    [Fact]
    public async Task Explain_FirstAnswers_AsksNoOther()
    {
        string? asked = null;
        _first.Answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            asked = await reader.ReadToEndAsync(Cancelled);
            await StandInApi.JsonAsync(context, StandInApi.Completion);
        };
        using var explainer = Both();
        var text = await explainer.ExplainAsync(Failures, new TestWatcherMetrics(_meters), Cancelled);

        Assert.EndsWith("of words", text, StringComparison.Ordinal);
        Assert.Equal("Bearer key-deepseek", _first.Authorization);
        Assert.Contains("CalcTests.Adds\\nExpected 4, was 3", asked, StringComparison.Ordinal);
        Assert.Equal((1, 0), (_first.Calls, _second.Calls));
        Assert.Equal(1, this["test_watcher_api_calls_total{api=\"deepseek\",status=\"success\"}"]);
        Assert.Equal(34, this["deepseek_api_tokens_used_total{kind=\"completion\"}"]);
    }

    [Fact]
    public async Task Explain_FirstIsOverItsLimit_AsksTheSecondAndLeavesTheFirstAloneAsLongAsItAsked()
    {
        _first.Answer = context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        };
        var metrics = new TestWatcherMetrics(_meters);
        using var explainer = Both();
        Assert.NotNull(await explainer.ExplainAsync(Failures, metrics, Cancelled));
        Assert.NotNull(await explainer.ExplainAsync(Failures, metrics, Cancelled));
        Assert.Equal((1, 2), (_first.Calls, _second.Calls));
        Assert.Equal((1, 1), (this["deepseek_api_rate_limits_total"], this["test_watcher_api_calls_total{api=\"deepseek\",status=\"rate_limited\"}"]));

        _clock.Advance(TimeSpan.FromSeconds(61));
        await explainer.ExplainAsync(Failures, metrics, Cancelled);
        Assert.Equal(2, _first.Calls);
    }

    [Theory]
    [InlineData("{", "error")]
    [InlineData("{}", "success")]
    [InlineData("[]", "success")]
    [InlineData("{\"choices\":[7]}", "success")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":null}}]}", "success")]
    public async Task Explain_AnswerOfAnotherShape_IsNoExplanation(string answer, string status)
    {
        _first.Answer = context => StandInApi.JsonAsync(context, answer);
        using var explainer = new Explainer([Api("deepseek", _first)]);

        Assert.Null(await explainer.ExplainAsync(Failures, new TestWatcherMetrics(_meters), Cancelled));
        Assert.Equal(1, this["test_watcher_api_calls_total{api=\"deepseek\",status=\"error\"}"]);
        Assert.Equal(1, this[$"deepseek_api_calls_total{{status=\"{status}\"}}"]); // the call itself was good where the answer was whole JSON
        Assert.Equal(1, this["test_watcher_errors_total{type=\"api\"}"]);
    }

    [Fact]
    public async Task Explain_NewKey_IsReadWithoutARestart()
    {
        using var explainer = new Explainer([Api("deepseek", _first)]);
        var metrics = new TestWatcherMetrics(_meters);
        await explainer.ExplainAsync(Failures, metrics, Cancelled);
        _secrets.Write("deepseek", "rotated");
        await explainer.ExplainAsync(Failures, metrics, Cancelled);

        Assert.Equal("Bearer rotated", _first.Authorization);
    }

    [Fact]
    public async Task Check_ApiThatIsGone_SaysSo()
    {
        using var here = Api("deepseek", _first);
        Assert.Null(await here.CheckAsync(Cancelled));
        await _first.DisposeAsync();
        Assert.Null(await here.CheckAsync(Cancelled)); // it was reached a moment ago
        _clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Contains("refused", await here.CheckAsync(Cancelled), StringComparison.Ordinal);
    }
}
