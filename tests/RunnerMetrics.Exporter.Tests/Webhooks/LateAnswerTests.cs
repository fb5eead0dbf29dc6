using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Exporter.Collector;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Tests.Store;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Webhooks;

public sealed class LateAnswerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly Gate _disk = new();

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Serve_ADiskThatTakesLongerThanGitHubWaits_AnswersNothing_AndKnowsTheDeliveryAgain()
    {
        await using var rig = StoreRig.Start(_folder.Path);
        rig.Store.Append = () =>
        {
            _disk.Pass();
            return null;
        };
        var endpoint = EndpointOf(rig);
        var late = Request();
        var serving = endpoint.ServeAsync(late);
        await _disk.ComesAsync();

        _clock.Advance(TimeSpan.FromSeconds(10));
        await serving;
        Assert.True(late.RequestAborted.IsCancellationRequested);
        Assert.Equal(0, late.Response.Body.Length);

        _disk.Open();
        var again = Request();
        await endpoint.ServeAsync(again);
        again.Response.Body.Position = 0;
        Assert.Equal((202, "duplicate: this delivery was taken before\n"), (again.Response.StatusCode, await new StreamReader(again.Response.Body).ReadToEndAsync(TestContext.Current.CancellationToken)));
    }

    private WebhookEndpoint EndpointOf(StoreRig rig)
    {
        var options = new ExporterOptions { WebhooksWithoutSecret = true };
        var filter = new RepositoryFilter(new RepositoryNames([]));
        var metrics = new WebhookMetrics(rig.Registry, new CollectorMetrics(rig.Registry));
        var webhook = new GitHubWebhook(
            rig.Loop, [new WorkflowJobEvent(options, new RunnerLabels(options, rig.Fleet), filter, rig.Fleet)], filter, metrics, NullLogger<GitHubWebhook>.Instance);
        return new WebhookEndpoint(webhook, metrics, new BodyBudget(1 << 20, _clock), _clock, NullLogger<WebhookEndpoint>.Instance);
    }

    private static DefaultHttpContext Request()
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime());
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        var request = context.Request;
        (request.Method, request.Host, request.ContentType) = ("POST", new HostString("127.0.0.1"), "application/json");
        (request.Headers["X-GitHub-Event"], request.Headers["X-GitHub-Delivery"]) = ("workflow_job", "d1");
        (request.Body, context.Response.Body) = (new MemoryStream(Payload.Job("queued").Bytes()), new MemoryStream());
        return context;
    }

    private sealed class Lifetime : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => RequestAborted = new CancellationToken(canceled: true);
    }
}
