using System.Net;
using System.Net.Http.Headers;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Commits;

public sealed class ShutdownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Terminated_WithCallersInFlight_EndsAndKeepsWhatItAcknowledged()
    {
        JobSender[] senders = [.. Enumerable.Range(0, 6).Select(i => new JobSender($"s{i}", hasSequence: i % 2 == 0, seed: i))];
        string[] arguments = ["--http-port", "0", "--grpc-port", "0", "--data", _folder.Path];
        await using (var exporter = ExporterProcess.Start(arguments))
        {
            var (_, grpc) = await exporter.ReadyAsync();
            using var channel = CollectorCalls.Open(grpc);
            using var client = new PatientHttpClient();
            using var stalled = new StalledContent();
            stalled.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            using var call = new HttpRequestMessage(HttpMethod.Post, new Uri(grpc, Collector.RawCall.ReportEvents))
            {
                Content = stalled,
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            var answer = client.SendAsync(call, RunningExporter.Cancelled);
            await stalled.Begun;
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(RunningExporter.Cancelled);
            var running = senders.Select(sender => Task.Run(() => sender.RunAsync(() => Task.FromResult(channel), stop.Token))).ToArray();
            await Wait.UntilAsync(() => Task.FromResult(senders.All(sender => sender.Answers > 20)), "every sender was answered");

            await exporter.SignalAsync("TERM");
            var (exitCode, _, errors) = await exporter.EndAsync();
            await stop.CancelAsync();
            await Task.WhenAll(running);
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => answer);
            Assert.Equal(0, exitCode);
            Assert.Empty(errors);
        }

        await using var again = ExporterProcess.Start(arguments);
        var (address, _) = await again.ReadyAsync();
        using var scraper = new PatientHttpClient();
        SingleJobs.AssertCountedOnce(await scraper.GetStringAsync(new Uri(address, "/metrics"), RunningExporter.Cancelled), senders);
    }

    // A client that began a call and never ends it.
    private sealed class StalledContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[] { 0, 0, 0, 1, 0, 7 }, RunningExporter.Cancelled);
            await stream.FlushAsync(RunningExporter.Cancelled);
            _begun.SetResult();
            await _released.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            _released.TrySetCanceled();
            base.Dispose(disposing);
        }
    }
}
