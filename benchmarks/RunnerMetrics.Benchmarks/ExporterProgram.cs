using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Benchmarks;

/// <summary>An exporter as it is published, in its own process, which ends with this object.</summary>
internal sealed partial class ExporterProgram : IDisposable
{
    private readonly Process _process;

    private ExporterProgram(Process process, Uri http, Uri collector) => (_process, Http, Collector) = (process, http, collector);

    public Uri Http { get; }

    public Uri Collector { get; }

    public long ResidentMegabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1_000_000;
        }
    }

    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>What it takes from now on.</summary>
    public ProcessUse Use() => new(_process);

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="program">The program.</param>
    /// <param name="data">Its folder.</param>
    /// <param name="syncDelay">How much longer each fsync is to take; needs strace, which injects it.</param>
    /// <param name="webhookSecretFile">What signs webhooks, or null.</param>
    /// <param name="otlp">Where it sends its traces over HTTP, or null.</param>
    /// <param name="heapLimit">How many bytes its heap may have, in hexadecimal digits, as DOTNET_GCHeapHardLimit says it; else as many as it likes.</param>
    public static async Task<ExporterProgram> StartAsync(string program, string data, TimeSpan syncDelay = default, string? webhookSecretFile = null, string? heapLimit = null, Uri? otlp = null)
    {
        string[] arguments = ["--http-port", "0", "--grpc-port", "0", "--data", data, .. webhookSecretFile is null ? (string[])[] : ["--webhook-secret-file", webhookSecretFile]];
        var start = syncDelay == TimeSpan.Zero
            ? new ProcessStartInfo(program, arguments)
            : new ProcessStartInfo(
                "strace",
                [
                    "-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e",
                    string.Create(CultureInfo.InvariantCulture, $"inject=fsync,fdatasync:delay_exit={(long)syncDelay.TotalMicroseconds}"), program, .. arguments,
                ]);
        start.RedirectStandardOutput = true;
        start.Environment["MALLOC_ARENA_MAX"] = "1"; // as the image sets it
        start.Environment["DOTNET_TieredCompilation"] = "0"; // as the images of versions before NativeAOT did
        if (heapLimit is not null)
        {
            start.Environment["DOTNET_GCHeapHardLimit"] = heapLimit;
        }

        if (otlp is not null)
        {
            (start.Environment["OTEL_EXPORTER_OTLP_ENDPOINT"], start.Environment["OTEL_EXPORTER_OTLP_PROTOCOL"]) = (otlp.OriginalString, "http/protobuf");
        }

        var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (ReadyLine().Match(line) is { Success: true } match)
            {
                _ = Task.Run(process.StandardOutput.ReadToEndAsync);
                return new ExporterProgram(process, new Uri(match.Groups[1].Value), new Uri(match.Groups[2].Value));
            }
        }

        throw new InvalidOperationException("the exporter ended before it was ready");
    }

    /// <summary>The sum of a metric's samples.</summary>
    public async Task<double> SumAsync(string metric)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync(new Uri(Http, "/metrics"));
        return text.Split('\n').Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal) || line.StartsWith(metric + " ", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    [GeneratedRegex("Ready: metrics at (.*)/metrics, agents report to (\\S*)")]
    private static partial Regex ReadyLine();
}
