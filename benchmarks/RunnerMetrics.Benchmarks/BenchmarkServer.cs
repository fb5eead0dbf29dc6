using System.Globalization;
using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// The process that is measured: the exporter with a full fleet, and beside it a Kestrel that sends the same text from memory.
/// It takes its orders on standard input and answers each on standard output.
/// </summary>
internal static class BenchmarkServer
{
    /// <summary>Starts this process again in the part of the server; its first answer is: exporter, ready bytes, samples, collector.</summary>
    public static ChildProcess Spawn(int runners, string readyBytesFile) => SpawnSelf("serve", runners.ToString(CultureInfo.InvariantCulture), readyBytesFile);

    /// <summary>Starts this process again as a server of a file's bytes alone; its first answer is its address.</summary>
    public static ChildProcess SpawnReadyBytes(string file) => SpawnSelf("ready", file);

    public static async Task<int> RunReadyBytesAsync(string file)
    {
        await using var ready = await StartReadyBytesAsync(await File.ReadAllBytesAsync(file));
        Console.WriteLine(new Uri(new Uri(ready.Urls.First()), "/metrics"));
        _ = await Console.In.ReadLineAsync();
        return 0;
    }

    public static async Task<int> RunAsync(int runners, string readyBytesFile)
    {
        await using var app = ExporterApplication.Build(
            new ExporterOptions { HttpPort = 0, GrpcPort = 0, DataDirectory = Environment.GetEnvironmentVariable("BENCH_DATA") }, configure: builder => builder.Logging.ClearProviders());
        await app.StartAsync();
        var registry = app.Services.GetRequiredService<MetricRegistry>();
        var load = new FleetLoad(app.Services.GetRequiredService<FleetState>(), runners);
        load.Fill();
        using (var snapshot = registry.Snapshot(ExpositionFormat.Text))
        {
            await using var file = File.Create(readyBytesFile);
            foreach (var piece in snapshot.Pieces)
            {
                await file.WriteAsync(piece);
            }
        }

        await using var ready = await StartReadyBytesAsync(await File.ReadAllBytesAsync(readyBytesFile));
        Console.WriteLine($"{app.Urls.First()} {ready.Urls.First()} {registry.LastSamples} {app.Urls.Last()}");
        while (await Console.In.ReadLineAsync() is { } order)
        {
            Console.WriteLine(Obey(order, load));
        }

        return 0;
    }

    private static ChildProcess SpawnSelf(params string[] arguments)
    {
        var isHost = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";
        string[] self = isHost ? [typeof(BenchmarkServer).Assembly.Location] : [];
        return new ChildProcess(Environment.ProcessPath!, [.. self, .. arguments]);
    }

    private static string Obey(string order, FleetLoad load)
    {
        if (order == "work")
        {
            load.Work(1000);
            return load.JobsDone.ToString(CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{GC.GetTotalAllocatedBytes(precise: true)} {Environment.WorkingSet}");
    }

    private static async Task<WebApplication> StartReadyBytesAsync(byte[] text)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        app.MapGet("/metrics", async context =>
        {
            context.Response.ContentType = ContentNegotiation.TextContentType;
            if (ContentNegotiation.AcceptsGzip(context.Request.Headers.AcceptEncoding))
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
                await gzip.WriteAsync(text);
                return;
            }

            context.Response.ContentLength = text.Length;
            await context.Response.BodyWriter.WriteAsync(text);
        });
        await app.StartAsync();
        return app;
    }
}
