using System.Net;
using System.Net.Sockets;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Strangers who know the address of the webhooks, and no secret, under the memory limit of the deployments.</summary>
public sealed class UnverifiedBodiesTests : IDisposable
{
    private const int MiB = 1024 * 1024;

    // 256 MB, in hexadecimal; a native program takes it for none where 0x stands before it.
    private static readonly Dictionary<string, string> ShippedLimit = new() { ["DOTNET_GCHeapHardLimit"] = "10000000" };

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AllButTheLastByte_Of320Bodies_LeavesScrapesAndSignedDeliveriesTheirMemory()
    {
        await using var exporter = await StartAsync();
        var (http, _) = await exporter.ReadyAsync();
        using var sender = new WebhookSender(http);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var strangers = Enumerable.Range(0, 320).Select(_ => AllButTheLastByteAsync(http, enough.Token)).ToArray();
        await strangers[0].Connected.Task.WaitAsync(Patience.Limit, Cancelled);

        Assert.Contains("runner_metrics_build_info", await ScrapeAsync(sender), StringComparison.Ordinal);
        await UntilDeliveredAsync(sender, id: 1);
        var answers = await Task.WhenAll(strangers.Select(stranger => stranger.Answer)).WaitAsync(Patience.Limit, Cancelled);
        Assert.DoesNotContain(answers, answer => answer.StartsWith("HTTP/1.1 202", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 503", StringComparison.Ordinal) && answer.Contains("Retry-After: ", StringComparison.Ordinal));
        await UntilDeliveredAsync(sender, id: 2);
        Assert.Contains("github_workflow_jobs_queued{runner_type=\"standard\"} 2\n", await ScrapeAsync(sender), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SlowSenders_WhileTheyGoOn_DelayNoSignedDelivery()
    {
        await using var exporter = await StartAsync();
        var (http, _) = await exporter.ReadyAsync();
        using var sender = new WebhookSender(http);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var started = new TaskCompletionSource();
        var slow = Enumerable.Range(0, 6).Select(_ => SendSlowlyAsync(http, started, enough.Token)).ToArray();
        await started.Task.WaitAsync(Patience.Limit, Cancelled);

        await UntilDeliveredAsync(sender, id: 1);
        Assert.Contains("github_workflow_jobs_queued{runner_type=\"standard\"} 1\n", await ScrapeAsync(sender), StringComparison.Ordinal);
        await enough.CancelAsync();
        await Task.WhenAll(slow);
    }

    [Fact]
    public async Task NoSignature_BeforeTheBodyIsSent_IsRefused()
    {
        await using var exporter = await StartAsync();
        var (http, _) = await exporter.ReadyAsync();
        using var stranger = await Stranger.ConnectAsync(http, Cancelled);
        await stranger.SendHeadAsync(MiB, Cancelled, isSigned: false);

        Assert.StartsWith("HTTP/1.1 401", await stranger.ReadToEndAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoBody_OnEveryConnectionThatThereIs_KeepsThemForSecondsOnly()
    {
        var secret = await WriteSecretAsync();
        await using var exporter = ExporterProcess.StartAfter("ulimit -n 400", "--http-port", "0", "--grpc-port", "0", "--webhook-secret-file", secret);
        var (http, _) = await exporter.ReadyAsync();
        using var sender = new WebhookSender(http);
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(async _ =>
        {
            try
            {
                using var stranger = await Stranger.ConnectAsync(http, Cancelled);
                await stranger.SendHeadAsync(MiB, Cancelled);
                return await stranger.ReadToEndAsync(Cancelled);
            }
            catch (SocketException)
            {
                return ""; // There was no place for it.
            }
        })).WaitAsync(Patience.Limit, Cancelled);

        Assert.Contains("", answers);
        Assert.Contains(answers, answer => answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal));
        Assert.Contains("runner_metrics_build_info", await ScrapeAsync(sender), StringComparison.Ordinal);
        await UntilDeliveredAsync(sender, id: 1);
    }

    private async Task<RunningProgram> StartAsync() =>
        ExporterProcess.Start(ShippedLimit, "--http-port", "0", "--grpc-port", "0", "--webhook-secret-file", await WriteSecretAsync());

    private async Task<string> WriteSecretAsync()
    {
        var secret = Path.Combine(_folder.Path, "webhook-secret");
        await File.WriteAllTextAsync(secret, WebhookSender.Secret, Cancelled);
        return secret;
    }

    // As GitHub does it, with ten seconds for each; a busy machine may take more of them.
    private static Task UntilDeliveredAsync(WebhookSender sender, long id) => Wait.UntilAsync(
        async () => await sender.DeliverAsync(WebhookSender.QueuedJob(id, 1_200_000), Cancelled) == HttpStatusCode.Accepted, () => "No signed delivery gets through within ten seconds.", Cancelled);

    private static async Task<string> ScrapeAsync(WebhookSender sender)
    {
        var text = "";
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    text = await sender.ScrapeAsync(Cancelled);
                    return true;
                }
                catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Cancelled.IsCancellationRequested)
                {
                    text = e.Message;
                    return false;
                }
            },
            () => text,
            Cancelled);
        return text;
    }

    private static (TaskCompletionSource Connected, Task<string> Answer) AllButTheLastByteAsync(Uri http, CancellationToken cancelled)
    {
        var connected = new TaskCompletionSource();
        return (connected, Task.Run(
            async () =>
            {
                using var stranger = await Stranger.ConnectAsync(http, cancelled);
                connected.TrySetResult();
                var answer = stranger.ReadToEndAsync(cancelled);
                try
                {
                    await stranger.SendHeadAsync(MiB, cancelled);
                    await stranger.SendAsync(new byte[MiB - 1], cancelled);
                }
                catch (SocketException)
                {
                    // It was refused in the middle.
                }

                return await answer;
            },
            cancelled));
    }

    // 300 bytes a second, as little as the server's default lets through; whoever is thrown out comes again.
    private static async Task SendSlowlyAsync(Uri http, TaskCompletionSource started, CancellationToken cancelled)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!cancelled.IsCancellationRequested)
        {
            try
            {
                using var stranger = await Stranger.ConnectAsync(http, cancelled);
                await stranger.SendHeadAsync(2 * MiB, cancelled);
                while (await pace.WaitForNextTickAsync(cancelled))
                {
                    await stranger.SendAsync(new byte[30], cancelled);
                    started.TrySetResult();
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // Thrown out, or enough.
            }
        }
    }
}
