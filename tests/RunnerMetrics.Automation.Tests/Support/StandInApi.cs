using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Automation.Tests.Support;

/// <summary>A local server that speaks the OpenAI-compatible protocol as a test tells it to.</summary>
internal sealed class StandInApi : IAsyncDisposable
{
    public const string Usage = """{"prompt_tokens":12,"completion_tokens":34,"total_tokens":46,"prompt_tokens_details":{"cached_tokens":8}}""";

    public const string Completion = """
        {"id":"1","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"a \"usage\": {\"prompt_tokens\": 999} of words"},
        "finish_reason":"stop"}],"usage":
        """ + Usage + "}";

    private readonly WebApplication _application;

    private StandInApi(WebApplication application) => _application = application;

    /// <summary>Answers <c>POST /chat/completions</c>.</summary>
    public RequestDelegate Answer { get; set; } = context => JsonAsync(context, Completion);

    /// <summary>How many calls came.</summary>
    public int Calls { get; private set; }

    /// <summary>The <c>Authorization</c> of the last call.</summary>
    public string? Authorization { get; private set; }

    public Uri Address => new(_application.Urls.First());

    public static async Task<StandInApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        var api = new StandInApi(application);
        application.MapPost("/chat/completions", context =>
        {
            api.Calls++;
            api.Authorization = context.Request.Headers.Authorization;
            return api.Answer(context);
        });
        await application.StartAsync(TestContext.Current.CancellationToken);
        return api;
    }

    public static Task JsonAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    /// <summary>Sends events, each in a part of its own.</summary>
    public static async Task StreamAsync(HttpContext context, params IEnumerable<string> data)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
        }

        foreach (var text in data)
        {
            await context.Response.WriteAsync($"data: {text}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _application.StopAsync(now.Token);
        await _application.DisposeAsync();
    }
}
