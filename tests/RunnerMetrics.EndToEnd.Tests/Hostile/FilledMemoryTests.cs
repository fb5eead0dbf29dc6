using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.EndToEnd.Tests.Hostile;

/// <summary>Strangers with a token who fill what the exporter remembers, under the memory limit of the deployments: it lives, restarts, and counts the others' jobs.</summary>
public sealed partial class FilledMemoryTests : IDisposable
{
    private const int BatchSize = 1000;

    /// <summary>256 MB.</summary>
    private static readonly Dictionary<string, string> ShippedLimit = new() { ["DOTNET_GCHeapHardLimit"] = "10000000" };

    private readonly TemporaryFolder _folder = new();
    private int _events;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task FreshNames_75000OfThem_AreDeferredPastTheLimit() => FillAsync(
        75, number => Beat($"{number:D5}{new string('n', 90)}", new string('i', 200) + number), Outcome.Deferred);

    [Fact]
    public Task StartsWithoutEnds_40600OfOneRunner_AreDeferredPastTheLimit() => FillAsync(
        41, number => Start("stranger", $"job-{number}", new string('j', 1000)), Outcome.Deferred);

    [Fact]
    public async Task EveryLimit_FilledAtOnce_FitsIntoTheMemory()
    {
        var longName = new string('w', 1000);
        await using var exporter = Start();
        var (_, grpc) = await exporter.ReadyAsync();
        var runners = RunnersAllowed(exporter);
        using (var channel = CollectorCalls.Open(grpc))
        {
            await SendAsync(channel, runners * 17, number => number % 17 == 0
                ? Beat($"{number / 17:D5}{new string('n', 122)}", new string('i', 250), $"github.com/{new string('s', 200)}")
                : Cache($"{number / 17:D5}{new string('n', 122)}", $"type-{number % 17}", $"github.com/{new string('s', 200)}"));
            await SendAsync(channel, 3_000, number => Beat($"{number:D5}{new string('m', 122)}", new string('i', 250)));
            await SendAsync(channel, 2_000, number => End("busy", $"wide-{number}", $"acme/{number}{longName}", longName));
            await SendAsync(channel, 5_000, number => Start($"{number / 100:D5}{new string('n', 122)}", $"open-{number}", longName));
            await SendAsync(channel, 10_000, Deploy);
            await SendAsync(channel, LongProof.Of(60_000, 600_000), number => End("busy", $"job-{number}", "acme/shop", "CI"));
            for (var sender = 0; sender < LongProof.Of(300, 20_000); sender++)
            {
                await SendAsync(channel, 20, number => End("busy", $"gap-{sender}-{number}", "acme/shop", "CI"), $"sender-{sender:D6}{new string('x', 110)}", everyOther: true);
            }
        }

        await AssertTheOthersCountAsync(exporter);
    }

    private async Task FillAsync(int batches, Func<int, Event> make, Outcome expectedAtTheEnd)
    {
        await using var exporter = Start();
        var (_, grpc) = await exporter.ReadyAsync();
        using (var channel = CollectorCalls.Open(grpc))
        {
            Assert.Equal(expectedAtTheEnd, (await SendAsync(channel, batches * BatchSize, make)).Outcome);
        }

        await AssertTheOthersCountAsync(exporter);
    }

    // A runner that was there before continues, killed or not.
    private async Task AssertTheOthersCountAsync(RunningProgram exporter)
    {
        await exporter.KillAsync();
        await using var again = Start();
        var (http, grpc) = await again.ReadyAsync();
        using var client = new PatientHttpClient { BaseAddress = http };
        using var channel = CollectorCalls.Open(grpc);
        Assert.Equal(Outcome.Accepted, (await SendAsync(channel, 1, _ => End("known", "after", "acme/shop", "CI"))).Outcome);
        var scrape = await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancelled);
        Assert.Contains("github_runner_jobs_total{runner_name=\"known\",runner_type=\"standard\",status=\"success\"} 2\n", scrape, StringComparison.Ordinal);
        await again.SignalAsync("TERM");
        Assert.Equal(0, (await again.EndAsync()).ExitCode);
    }

    private RunningProgram Start() => ExporterProcess.Start(ShippedLimit, "--http-port", "0", "--grpc-port", "0", "--data", Path.Combine(_folder.Path, "data"));

    private async Task<EventResult> SendAsync(GrpcChannel channel, int count, Func<int, Event> make, string sender = "", bool everyOther = false)
    {
        if (_events == 0)
        {
            await ReportAsync(channel, [End("known", "before", "acme/shop", "CI")], "");
        }

        EventResult? last = null;
        foreach (var numbers in Enumerable.Range(0, count).Chunk(BatchSize))
        {
            var events = numbers.Select(make).ToList();
            for (var i = 0; i < events.Count && sender.Length > 0; i++)
            {
                events[i].Sequence = (ulong)((everyOther ? 2 : 1) * (numbers[i] + 1));
            }

            last = (await ReportAsync(channel, events, sender)).Results[^1];
        }

        return last!;
    }

    private static async Task<ReportEventsResponse> ReportAsync(GrpcChannel channel, IReadOnlyList<Event> events, string sender)
    {
        var batch = new ReportEventsRequest { SentAt = Now, SenderId = sender };
        batch.Events.AddRange(events);
        var response = await channel.ReportAsync(batch);
        Assert.DoesNotContain(response.Results, result => result.Outcome is Outcome.Rejected or Outcome.Unsupported);
        return response;
    }

    private static int RunnersAllowed(RunningProgram exporter) =>
        int.Parse(Limit().Match(exporter.Output).Groups[1].Value, CultureInfo.InvariantCulture);

    private static Timestamp Now => Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow());

    private Event Make(string runner, string life = "", string scope = "") => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"event-{++_events}"),
        OccurredAt = Now,
        Runner = new Runner { Name = runner, Type = "standard", InstanceId = life, Version = life.Length > 200 ? life[..200] : "", Scope = scope },
    };

    private Event Beat(string runner, string life, string scope = "")
    {
        var made = Make(runner, life, scope);
        made.Heartbeat = new RunnerHeartbeat { State = RunnerHeartbeat.Types.State.Idle };
        return made;
    }

    private Event Cache(string runner, string type, string scope)
    {
        var made = Make(runner, scope: scope);
        made.Cache = new CacheReport { CacheType = type, Hits = 1, Misses = 1 };
        return made;
    }

    private Event Start(string runner, string job, string name)
    {
        var made = Make(runner);
        made.JobStarted = new JobStarted { Job = new Job { JobKey = job, Name = name, Workflow = name, Repository = "acme/shop" } };
        return made;
    }

    private Event End(string runner, string job, string repository, string workflow)
    {
        var made = Make(runner);
        made.JobCompleted = new JobCompleted
        {
            Job = new Job { JobKey = job, Repository = repository, Workflow = workflow },
            Conclusion = JobCompleted.Types.Conclusion.Success,
            StartedAt = made.OccurredAt,
            CompletedAt = made.OccurredAt,
        };
        return made;
    }

    private Event Deploy(int number) => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"event-{++_events}"),
        OccurredAt = Now,
        Deployment = new Deployment
        {
            DeploymentId = $"d-{number}",
            ServerUrl = "https://github.com",
            Repository = $"acme/{number % 2_000}{new string('r', 1000)}",
            Environment = "production",
            Sha = $"{number:x40}",
            State = Deployment.Types.State.Success,
            FinishedAt = Now,
        },
    };

    [GeneratedRegex(@"(\d+) runners with their own series")]
    private static partial Regex Limit();
}
