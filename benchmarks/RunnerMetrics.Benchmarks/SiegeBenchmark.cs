using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// What strangers cost the others: a published exporter with 1,000 runners and a heap of 256 MB is scraped and reported to, alone, and while 200 connections ask for the metrics
/// and do not read them, and eight send it what is no message, as fast as it answers.
/// </summary>
internal static class SiegeBenchmark
{
    private const int Runners = 1_000;
    private const int SlowReaders = 200;
    private const int Flooders = 8;
    private const int Scrapes = 100;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(8);

    public static async Task<int> RunAsync(string program)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-siege-").FullName;
        try
        {
            using var exporter = await ExporterProgram.StartAsync(program, folder, heapLimit: "10000000");
            await FillAsync(exporter.Collector);
            await MeasureAsync("alone", exporter);

            using var enough = new CancellationTokenSource();
            var readers = await Task.WhenAll(Enumerable.Range(0, SlowReaders).Select(_ => AskAsync(exporter.Http)));
            var flood = Enumerable.Range(0, Flooders).Select(_ => FloodAsync(exporter.Collector, enough.Token)).ToArray();
            await MeasureAsync("besieged", exporter);
            await enough.CancelAsync();
            var refused = (await Task.WhenAll(flood)).Sum();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"refused {refused} calls meanwhile"));
            Array.ForEach(readers, reader => reader.Dispose());
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(Uri collector)
    {
        using var channel = GrpcChannel.ForAddress(collector);
        var now = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
        var batch = new ReportEventsRequest { SentAt = now };
        batch.Events.AddRange(Enumerable.Range(0, Runners).Select(number => new Event
        {
            EventId = $"beat-{number}",
            OccurredAt = now,
            Runner = new Runner { Name = $"runner-{number}", Type = "standard", Scope = "github.com/acme" },
            Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle },
        }));
        await channel.ReportAsync(batch);
    }

    private static async Task MeasureAsync(string what, ExporterProgram exporter)
    {
        using var client = new HttpClient { BaseAddress = exporter.Http };
        var took = new List<double>();
        var size = 0;
        for (var i = 0; i < Scrapes; i++)
        {
            var start = Stopwatch.GetTimestamp();
            size = (await client.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative))).Length;
            took.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        var events = (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReportAsync(exporter.Collector)))).Sum();
        took.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{what,-9} scrape of {size / 1e6:F1} MB: median {took[Scrapes / 2]:F1} ms, p95 {took[Scrapes * 95 / 100]:F1} ms; durable 4 x 1000: {events / Length.TotalSeconds:F0} events/s; resident {exporter.ResidentMegabytes} MB"));
    }

    private static async Task<long> ReportAsync(Uri collector)
    {
        using var channel = GrpcChannel.ForAddress(collector);
        var batches = new EventBatches();
        var (sent, start) = (0L, Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(start) < Length)
        {
            sent += (await channel.ReportAsync(batches.Next(1000))).Results.Count;
        }

        return sent;
    }

    private static async Task<Socket> AskAsync(Uri http)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, http.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes("GET /metrics HTTP/1.1\r\nHost: exporter\r\n\r\n"));
        return socket;
    }

    // Frames that say they are messages and are none.
    private static async Task<long> FloodAsync(Uri collector, CancellationToken enough)
    {
        using var client = new HttpClient { BaseAddress = collector };
        byte[] garbage = [0, 0, 0, 0, 7, 0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3];
        var refused = 0L;
        while (!enough.IsCancellationRequested)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/{JobEventCollector.Descriptor.FullName}/{nameof(JobEventCollector.JobEventCollectorClient.ReportEvents)}")
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new ByteArrayContent(garbage),
            };
            request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
            using var response = await client.SendAsync(request, CancellationToken.None);
            refused++;
        }

        return refused;
    }
}
