using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Testing;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Reason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.EndToEnd.Tests.Page;

/// <summary>An exporter that a browser looks at, on one port through its restarts, with what agents tell it.</summary>
internal sealed class PageExporter : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly int _port = Ports.Reserve();
    private readonly HttpClient _client = new PatientHttpClient();
    private readonly ExporterOptions _options;
    private readonly TimeProvider? _time;
    private WebApplication? _app;
    private GrpcChannel? _grpc;
    private int _events;

    private PageExporter(ExporterOptions? options, TimeProvider? time) =>
        (_options, _time) = ((options ?? DefaultOptions) with { HttpPort = _port, GrpcPort = 0, DataDirectory = Path.Combine(_folder.Path, "data") }, time);

    /// <summary>Its runners speak when the test wants them to, which on a busy machine is late: none is held for silent.</summary>
    public static ExporterOptions DefaultOptions => new() { WebhooksWithoutSecret = true, Fleet = new FleetOptions { OfflineAfter = TimeSpan.FromHours(12) } };

    public Uri Http => new UriBuilder(Uri.UriSchemeHttp, "127.0.0.1", _port).Uri;

    public string Data => _options.DataDirectory!;

    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Starts one, by the system's clock where none is given.</summary>
    public static async Task<PageExporter> StartAsync(ExporterOptions? options = null, TimeProvider? time = null)
    {
        var exporter = new PageExporter(options, time);
        await exporter.StartAgainAsync();
        return exporter;
    }

    /// <summary>Starts it again, with other options where some are given.</summary>
    public async Task StartAgainAsync(Func<ExporterOptions, ExporterOptions>? change = null)
    {
        _app = ExporterApplication.Build(change?.Invoke(_options) ?? _options, _time, builder => builder.Logging.ClearProviders());
        await _app.StartAsync(TestContext.Current.CancellationToken);
        _grpc = CollectorCalls.Open(new Uri(_app.Urls.Last()));
    }

    public async Task StopAsync()
    {
        _grpc?.Dispose();
        if (_app is { } app)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        _app = null;
    }

    /// <summary>Tells what happened, as agents do.</summary>
    public async Task TellAsync(params IEnumerable<Event> events)
    {
        foreach (var batch in events.Chunk(1000))
        {
            var answer = await _grpc!.ReportAsync(new ReportEventsRequest { Events = { batch }, SentAt = Now.ToTimestamp() });
            Assert.All(answer.Results, result => Assert.True(result.Outcome == EventResult.Types.Outcome.Accepted, result.ToString()));
        }
    }

    /// <summary>Tells that a job waits, as GitHub does.</summary>
    public async Task QueueAsync(int job, string type, DateTimeOffset at, string name = "build", string repository = "acme/shop", string workflow = "CI")
    {
        var payload = new JsonObject
        {
            ["action"] = "queued",
            ["repository"] = new JsonObject { ["full_name"] = repository, ["html_url"] = $"https://github.com/{repository}" },
            ["workflow_job"] = new JsonObject
            {
                ["id"] = job,
                ["run_id"] = job,
                ["run_attempt"] = 1,
                ["workflow_name"] = workflow,
                ["name"] = name,
                ["status"] = "queued",
                ["created_at"] = at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
                ["labels"] = new JsonArray("self-hosted", type),
            },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Http, "/webhooks/github")) { Content = new StringContent(payload.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-GitHub-Event", "workflow_job");
        request.Headers.Add("X-GitHub-Delivery", Guid.NewGuid().ToString());
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("accepted\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public static Runner Runner(string name = "build-1", string type = "standard") =>
        new() { Name = name, Type = type, Version = "2.336.0", InstanceId = "life-1", Scope = "github.com/acme" };

    public Event Beat(Runner runner, RunnerHeartbeat.Types.State state = RunnerHeartbeat.Types.State.Idle) => Of(runner, Now, new Event
    {
        Heartbeat = new RunnerHeartbeat { State = state, StartedAt = Now.AddHours(-5).ToTimestamp() },
    });

    public Event Started(int job, Runner runner, DateTimeOffset at, string name = "build", string repository = "acme/shop") =>
        Of(runner, at, new Event { JobStarted = new JobStarted { Job = Job(job, name, repository) } });

    public Event Completed(
        int job, Runner runner, DateTimeOffset from, DateTimeOffset to, Conclusion conclusion = Conclusion.Success, Reason reason = Reason.Unspecified, string name = "build", string repository = "acme/shop",
        string workflow = "CI") => Of(runner, to, new Event
        {
            JobCompleted = new JobCompleted
            {
                Job = Job(job, name, repository, workflow),
                Conclusion = conclusion,
                FailureReason = reason,
                StartedAt = from.ToTimestamp(),
                StepsStartedAt = (from + ((to - from) / 8)).ToTimestamp(),
                CompletedAt = to.ToTimestamp(),
            },
        });

    public Event Deployed(string id, DateTimeOffset at, Deployment.Types.State state, string environment = "production") => new()
    {
        EventId = NextId(),
        OccurredAt = at.ToTimestamp(),
        Deployment = new Deployment
        {
            DeploymentId = id,
            ServerUrl = "https://github.com",
            Repository = "acme/shop",
            Environment = environment,
            State = state,
            Sha = "3f1c0b8a2f5e4d7c9b6a1e0d2c4f5a7b9c8d6e1f",
            FinishedAt = state >= Deployment.Types.State.Success ? at.ToTimestamp() : null,
        },
    };

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _client.Dispose();
        _folder.Dispose();
    }

    private static Job Job(int job, string name, string repository, string workflow = "CI") => new()
    {
        JobKey = string.Create(CultureInfo.InvariantCulture, $"page-job-{job}"),
        JobId = "guid",
        ServerUrl = "https://github.com",
        Repository = repository,
        Workflow = workflow,
        Name = name,
        RunId = job,
        RunAttempt = 1,
        CheckRunId = job,
    };

    private Event Of(Runner runner, DateTimeOffset at, Event told)
    {
        (told.EventId, told.OccurredAt, told.Runner) = (NextId(), at.ToTimestamp(), runner);
        return told;
    }

    private string NextId() => string.Create(CultureInfo.InvariantCulture, $"page-{Interlocked.Increment(ref _events)}");
}
