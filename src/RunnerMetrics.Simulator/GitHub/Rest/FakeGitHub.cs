using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>
/// A GitHub on this machine: an App, runners, runs and their jobs, webhooks that it delivers once, and the part of the REST API that RunnerMetrics uses, with pages, ETags, rate limits, secondary limits, and
/// faults by script. Its answers are held against GitHub's own OpenAPI document by a test.
/// </summary>
public sealed class FakeGitHub : IAsyncDisposable
{
    private const string Page = "<!DOCTYPE html><html><head><title>Unicorn! · GitHub</title></head><body>We had issues producing the response to your request.</body></html>";

    private readonly FakeFleet _fleet;
    private readonly ApiTokens _tokens;
    private readonly ApiLimits _limits;
    private readonly ApiRouter _router;
    private readonly RunnerIntake _intake;
    private readonly TimeProvider _time;
    private readonly List<FakeRequest> _requests = [];
    private readonly List<FakeFault> _faults = [];
    private readonly WebApplication _server;

    private FakeGitHub(FakeGitHubOptions options, TimeProvider time, FakeApp app)
    {
        (Options, _time, App) = (options, time, app);
        _fleet = new FakeFleet(time);
        Hook = new FakeHook(options, time);
        _tokens = new ApiTokens(App, time);
        _limits = new ApiLimits(options, time);
        _router = new ApiRouter(options, _fleet, App, Hook, _tokens, _limits);
        _intake = new RunnerIntake(_fleet, Hook);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"http://127.0.0.1:{options.Port}")).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        _server = builder.Build();
        _server.Run(ServeAsync);
    }

    /// <summary>Which GitHub it is.</summary>
    public FakeGitHubOptions Options { get; }

    /// <summary>Its App.</summary>
    public FakeApp App { get; }

    /// <summary>Its webhook.</summary>
    public FakeHook Hook { get; }

    /// <summary>Where the API is.</summary>
    public Uri Url => new(_server.Urls.First());

    /// <summary>What it was asked for, in order.</summary>
    public IReadOnlyList<FakeRequest> Requests
    {
        get
        {
            lock (_fleet.Gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts it on a loopback port that the system chooses.</summary>
    /// <param name="options">Which one.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="app">Its App, which it disposes of; a new one if none is given.</param>
    public static async Task<FakeGitHub> StartAsync(FakeGitHubOptions? options = null, TimeProvider? time = null, FakeApp? app = null)
    {
        var github = new FakeGitHub(options ?? new FakeGitHubOptions(), time ?? TimeProvider.System, app ?? new FakeApp());
        await github._server.StartAsync();
        return github;
    }

    /// <summary>Adds a repository without runs.</summary>
    public void AddRepository(string fullName) => WithFleet(fleet => fleet.RepositoryOf(fullName));

    /// <summary>Registers a runner, or changes one.</summary>
    public void SetRunner(FakeRunner runner) => WithFleet(fleet => fleet.Set(runner));

    /// <summary>Deregisters a runner.</summary>
    public void RemoveRunner(string name) => WithFleet(fleet => fleet.Remove(name));

    /// <summary>Says when a version of the runner is served no more.</summary>
    public void Deprecate(string version, DateTimeOffset registration, DateTimeOffset runtime) => WithFleet(fleet => fleet.Deprecations[version] = (registration, runtime));

    /// <summary>Takes note of what a job does now.</summary>
    public void Note(WorkflowJobNews news) => WithFleet(fleet => fleet.Take(news));

    /// <summary>Takes note of what a job does now, and delivers its webhook, once.</summary>
    public Task TellAsync(WorkflowJobNews news)
    {
        Note(news);
        return Hook.Url is null ? Task.CompletedTask : Hook.DeliverAsync("workflow_job", WorkflowJobPayload.Of(news));
    }

    /// <summary>Lets a personal access token in.</summary>
    /// <param name="token">The token.</param>
    /// <param name="permissions">What it may do.</param>
    /// <param name="ends">When it ends, or null.</param>
    public void AddToken(string token, IReadOnlyDictionary<string, string> permissions, DateTimeOffset? ends = null) => WithFleet(_ => _tokens.Add(token, permissions, ends));

    /// <summary>Takes a personal access token back.</summary>
    public void RevokeToken(string token) => WithFleet(_ => _tokens.Revoke(token));

    /// <summary>Ends the tokens that the App's installation was given.</summary>
    public void RevokeInstallationTokens() => WithFleet(_ => _tokens.RevokeInstallations());

    /// <summary>Leaves nothing of the hour of the installation, or with <paramref name="asApp"/> of the App itself.</summary>
    public void UseUpRateLimit(bool asApp = false) => WithFleet(_ => _limits.UseUp(CallerOf(asApp)));

    /// <summary>How many requests the installation, or with <paramref name="asApp"/> the App itself, has used of its hour.</summary>
    public int RateLimitUsed(bool asApp = false)
    {
        lock (_fleet.Gate)
        {
            return _limits.UsedBy(CallerOf(asApp));
        }
    }

    /// <summary>Lets something go wrong from now on.</summary>
    public void Break(FakeFault fault) => WithFleet(_ => _faults.Add(fault));

    /// <summary>Lets nothing go wrong any more.</summary>
    public void Mend() => WithFleet(_ => _faults.Clear());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        Hook.Dispose();
        App.Dispose();
    }

    private string CallerOf(bool asApp) => asApp ? $"app {App.ClientId}" : $"installation {App.InstallationId}";

    private void WithFleet(Action<FakeFleet> act)
    {
        lock (_fleet.Gate)
        {
            act(_fleet);
        }
    }

    private async Task ServeAsync(HttpContext context)
    {
        if (RunnerIntake.IsFor(context.Request))
        {
            await _intake.ServeAsync(context);
            return;
        }

        var path = context.Request.Path + context.Request.QueryString;
        if (TakeFault(path) is { } fault && await IsBrokenAsync(context, fault, path))
        {
            return;
        }

        byte[] body;
        lock (_fleet.Gate)
        {
            body = Answer(context);
            _requests.Add(new FakeRequest(context.Request.Method, path, context.Response.StatusCode));
        }

        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    private FakeFault? TakeFault(string path)
    {
        lock (_fleet.Gate)
        {
            var at = _faults.FindIndex(fault => path.StartsWith(fault.PathPrefix, StringComparison.Ordinal));
            if (at < 0)
            {
                return null;
            }

            var fault = _faults[at];
            if (fault.Times <= 1)
            {
                _faults.RemoveAt(at);
            }
            else
            {
                _faults[at] = fault with { Times = fault.Times - 1 };
            }

            return fault;
        }
    }

    private async Task<bool> IsBrokenAsync(HttpContext context, FakeFault fault, string path)
    {
        var response = context.Response;
        switch (fault.Kind)
        {
            case FakeFaultKind.Down:
                Note(context, path, 0);
                context.Abort();
                return true;
            case FakeFaultKind.Slow:
                await (fault.Until ?? Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted)).WaitAsync(context.RequestAborted);
                return false;
            case FakeFaultKind.BadGateway or FakeFaultKind.Html:
                response.StatusCode = fault.Kind == FakeFaultKind.Html ? 200 : 502;
                response.ContentType = "text/html; charset=utf-8";
                Note(context, path, response.StatusCode);
                await response.WriteAsync(Page, context.RequestAborted);
                return true;
            case FakeFaultKind.CutJson or FakeFaultKind.Stalled:
                response.ContentType = "application/json; charset=utf-8";
                Note(context, path, 200);
                await response.WriteAsync("{\"total_count\":1,\"runn", context.RequestAborted);
                if (fault.Kind == FakeFaultKind.Stalled)
                {
                    await response.Body.FlushAsync(context.RequestAborted);
                    await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                }

                return true;
            default:
                var refusal = ApiLimits.Secondary(fault.RetryAfter);
                Note(context, path, refusal.Status);
                await response.Body.WriteAsync(Write(context, refusal), context.RequestAborted);
                return true;
        }
    }

    private void Note(HttpContext context, string path, int status)
    {
        lock (_fleet.Gate)
        {
            _requests.Add(new FakeRequest(context.Request.Method, path, status));
        }
    }

    private byte[] Answer(HttpContext context)
    {
        var request = context.Request;
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is ["api", "v3", .. var behind])
        {
            // Where an Enterprise Server has its API, which knows no version but the first.
            path = behind;
            if (request.Headers["X-GitHub-Api-Version"].FirstOrDefault() is { } version and not "2022-11-28")
            {
                return Write(context, ApiAnswer.Refused(400, $"\"{version}\" is not a valid API version"));
            }
        }

        if (path is [])
        {
            // The API's root is open to everybody.
            return Write(context, ApiAnswer.Ok(new JsonObject { ["rate_limit_url"] = "https://api.github.com/rate_limit" }));
        }

        var (caller, refusal) = _tokens.Find(request.Headers.Authorization);
        if (caller is null)
        {
            return Write(context, refusal!);
        }

        var isFree = path is ["rate_limit"];
        var answer = _limits.TakePoints(caller.Name, request.Method)
            ?? _router.Answer(new ApiCall(request.Method, path, request.Query, $"{request.Scheme}://{request.Host}{request.Path}", caller));
        var body = answer.Body is null ? [] : Encoding.UTF8.GetBytes(answer.Body.ToJsonString());
        var tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(body))[..32]}\"";
        if (answer.Status == 200 && request.Method == "GET" && request.Headers.IfNoneMatch.Contains(tag))
        {
            isFree = true;
            answer = new ApiAnswer(304, null) { Headers = answer.Headers };
        }

        answer = !isFree && _limits.Take(caller.Name) is { } used ? used : answer;
        foreach (var (name, value) in _limits.HeadersFor(caller.Name))
        {
            context.Response.Headers[name] = value;
        }

        if (answer.Status is 200 or 304)
        {
            context.Response.Headers.ETag = tag;
        }

        return Write(context, answer);
    }

    private byte[] Write(HttpContext context, ApiAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.Headers.Date = _time.GetUtcNow().ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        response.Headers["X-GitHub-Request-Id"] = "FAKE:1";
        response.Headers["X-GitHub-Media-Type"] = "github.v3; format=json";
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (answer.Body is null)
        {
            return [];
        }

        response.ContentType = "application/json; charset=utf-8";
        return Encoding.UTF8.GetBytes(answer.Body.ToJsonString());
    }
}
