using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Benchmarks;

/// <summary>
/// Memory of a published exporter that may use 256 MB, where runners come for one job and go: 50,000 names, each with its events and its signed webhooks, while
/// Prometheus scrapes.
/// </summary>
internal sealed class ChurnBenchmark(ExporterProgram exporter, TimeSpan length) : IDisposable
{
    private const int Names = 50_000;
    private const int Senders = 8;

    // So many names later a runner's job begins, and ends; multiples of the senders, so that one of them does all that is one runner's.
    private const int Begins = 500 / Senders * Senders;
    private const int Ends = 2000 / Senders * Senders;
    private const double Flat = 1.05;

    // 256 MB in hexadecimal digits; a native program takes no 0x before them, and would run without a limit.
    private const string HeapLimit = "10000000";

    private static readonly TimeSpan ScrapeInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PrintInterval = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { BaseAddress = exporter.Http };
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly string _run = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId:x}");
    private long _webhooksRefused;
    private long _notTaken;
    private long _done;
    private string _lastReason = "";

    public static async Task<int> RunAsync(string program, TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("runner-metrics-churn-");
        try
        {
            var secret = Path.Combine(folder.FullName, "secret");
            await File.WriteAllTextAsync(secret, SignedWebhook.Secret);
            using var exporter = await ExporterProgram.StartAsync(program, Path.Combine(folder.FullName, "data"), webhookSecretFile: secret, heapLimit: HeapLimit);
            using var churn = new ChurnBenchmark(exporter, length);
            return await churn.RunAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<int> RunAsync()
    {
        var senders = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(sender))));
        var samples = await WatchAsync(senders);
        await senders;
        var (second, last) = (Median(samples, 1), Median(samples, 2));
        var jobs = await exporter.SumAsync("github_runner_jobs_total");
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Names} runners in {_clock.Elapsed.TotalSeconds:F0} s; {_notTaken} events and {_webhooksRefused} webhooks were not taken {_lastReason}; {jobs:F0} jobs are counted"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median of the second third {second:F1} MB, of the last {last:F1} MB: {(last <= Flat * second ? "flat" : "not flat")}"));
        return last <= Flat * second ? 0 : 1;
    }

    private async Task SendAsync(int sender)
    {
        using var channel = GrpcChannel.ForAddress(exporter.Collector);
        for (var slot = sender; slot < Names + Ends; slot += Senders)
        {
            var due = length * slot / (Names + Ends);
            if (due > _clock.Elapsed)
            {
                await Task.Delay(due - _clock.Elapsed);
            }

            await StepAsync(channel, slot, "queued", run => [Make(run, 0, new Event { Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle } })]);
            await StepAsync(channel, slot - Begins, "in_progress", run => [Make(run, 1, new Event { JobStarted = new JobStarted { Job = Job(run) } })]);
            await StepAsync(channel, slot - Ends, "completed", run =>
            [
                Make(run, 2, new Event { JobCompleted = new JobCompleted { Job = Job(run), Conclusion = JobCompleted.Types.Conclusion.Success, CompletedAt = Now() } }),
                Make(run, 3, new Event { Stopped = new RunnerStopped { Reason = "one job is done" } }),
            ]);
        }
    }

    private async Task StepAsync(GrpcChannel channel, int runner, string action, Func<int, Event[]> events)
    {
        if (runner is < 0 or >= Names)
        {
            return;
        }

        if (!await SignedWebhook.SendAsync(_http, SignedWebhook.WorkflowJob(action, Id(runner), Name(runner))))
        {
            Interlocked.Increment(ref _webhooksRefused);
        }

        var request = new ReportEventsRequest { SentAt = Now(), SenderId = Name(runner) };
        request.Events.AddRange(events(runner));

        // GitHub's word on the job's end may have come first.
        foreach (var result in (await channel.ReportAsync(request)).Results.Where(result => result.Outcome is not (EventResult.Types.Outcome.Accepted or EventResult.Types.Outcome.Duplicate)))
        {
            Interlocked.Increment(ref _notTaken);
            _lastReason = $"(the last: {result.Outcome}, {result.Reason})";
        }

        Interlocked.Add(ref _done, action == "completed" ? 1 : 0);
    }

    // Resident memory at each scrape.
    private async Task<List<double>> WatchAsync(Task until)
    {
        var samples = new List<double>();
        var use = exporter.Use();
        var nextPrint = PrintInterval;
        for (var next = ScrapeInterval; !until.IsCompleted; next += ScrapeInterval)
        {
            await Task.WhenAny(until, Task.Delay(next > _clock.Elapsed ? next - _clock.Elapsed : TimeSpan.Zero));
            var scrape = await _http.GetByteArrayAsync(new Uri("/metrics", UriKind.Relative));
            samples.Add(use.Resident);
            if (_clock.Elapsed >= nextPrint)
            {
                nextPrint += PrintInterval;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{_clock.Elapsed.TotalSeconds,5:F0} s: {use.Resident,6:F1} MB, {Interlocked.Read(ref _done),6} runners done, a scrape of {scrape.Length / 1024} KiB"));
            }
        }

        return samples;
    }

    private static double Median(List<double> samples, int third)
    {
        var sorted = samples.Skip(samples.Count * third / 3).Take(samples.Count / 3).Order().ToList();
        return sorted[sorted.Count / 2];
    }

    // Each runner has an agent of its own, which numbers what it keeps; heartbeats it does not keep.
    private Event Make(int runner, ulong sequence, Event made)
    {
        made.Sequence = sequence;
        made.EventId = $"{Name(runner)}-{made.PayloadCase}";
        made.OccurredAt = Now();
        made.Runner = new Runner { Name = Name(runner), Type = "standard", Version = "2.336.0", Ephemeral = true, InstanceId = "life-" + Name(runner), Scope = "github.com/acme" };
        return made;
    }

    private Job Job(int runner) => new()
    {
        JobKey = Name(runner),
        Repository = "acme/shop",
        Workflow = "CI",
        Name = "build",
        RunId = Id(runner) / 4,
        RunAttempt = 1,
        CheckRunId = Id(runner),
    };

    private string Name(int runner) => string.Create(CultureInfo.InvariantCulture, $"spot-{_run}-{runner:D5}");

    private static long Id(int runner) => 50_000_000_000 + runner;

    private static Timestamp Now() => Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());
}
