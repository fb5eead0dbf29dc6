using System.Globalization;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Agent.Tests.Fuzzing;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Recorded logs, corrupted at random, read as <c>--once</c> reads them and as they are followed: what comes out is events that a collector takes.</summary>
public class DiagFuzzTests
{
    // In all rounds together, in which a line of megabytes that has no end yet is looked at again.
    private const long MostAllocated = 256 * 1024 * 1024;

    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly RunnerSettings Settings = new("fuzzed", "github.com/acme");
    private static readonly EventFactory Factory = new(Settings, "standard");

    private static readonly (string Name, byte[] Text)[][] Recorded =
    [
        .. new[] { "runner-diag", "field" }.SelectMany(kind => Directory.GetDirectories(Path.Combine(AppContext.BaseDirectory, "Fixtures", kind)).Order(StringComparer.Ordinal))
            .SelectMany(scenario => Directory.GetDirectories(scenario, "_diag")).Select(diag => Directory.GetFiles(diag, "*-utc.log").Order(StringComparer.Ordinal)
                .Select(file => (Path.GetFileName(file), File.ReadAllBytes(file))).ToArray()),
        [(LogFolder.ListenerPage, System.Text.Encoding.UTF8.GetBytes(SmallLog.Listener())), (LogFolder.WorkerPage, System.Text.Encoding.UTF8.GetBytes(SmallLog.Worker()))],
    ];

    private static int _events;

    [Fact]
    public async Task Read_SpoiltLogsOnce_TellsWhatACollectorTakes()
    {
        await Fuzz.RunAsync(LongProof.Of(10_000, 100_000), MostAllocated, Spoil, (logs, _) =>
        {
            var folder = new MemoryFolder();
            foreach (var (name, text) in logs)
            {
                folder.Append(name, text);
            }

            using var tail = new DiagTail(folder, Settings, null, MemoryFolder.Machine, new ManualTimeProvider(Start), new MemoryLogger());
            ReadAll(tail, final: true);
        });
        Assert.True(_events > 1000 || !Fuzz.ReadsAll, $"{_events} events came out: the logs are spoilt too much.");
    }

    [Fact]
    public Task Read_SpoiltLogsThatGrow_TellsWhatACollectorTakes() => Fuzz.RunAsync(LongProof.Of(4_000, 100_000), MostAllocated, Spoil, (logs, random) =>
    {
        var folder = new MemoryFolder();
        var time = new ManualTimeProvider(Start);
        DiagCheckpoint? checkpoint = null;
        var tail = Follow();
        var read = new int[logs.Count];
        for (var round = 0; round < 40; round++)
        {
            var log = random.Next(logs.Count);
            var (name, text) = logs[log];
            var length = round < 30 ? random.Next((text.Length - read[log]) / 2 + 1) : text.Length - read[log];
            folder.Append(name, text.AsSpan(read[log], length));
            read[log] += length;
            ReadAll(tail, final: false);
            time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            if (random.Next(10) == 0)
            {
                checkpoint = tail.Checkpoint;
                tail.Dispose();
                tail = Follow();
            }
        }

        tail.Dispose();

        DiagTail Follow() => new(folder, Settings, checkpoint, MemoryFolder.Machine, time, new MemoryLogger());
    });

    [Fact]
    public Task Read_SpoiltLogsOnDisk_TellsWhatACollectorTakes() => Fuzz.RunAsync(LongProof.Of(1_000, 20_000), MostAllocated, Spoil, (logs, random) =>
    {
        using var folder = new TemporaryFolder();
        var time = new ManualTimeProvider(Start);
        using var tail = new DiagTail(folder.Path, Settings, null, time, new MemoryLogger());
        foreach (var (name, text) in logs)
        {
            var cut = random.Next(text.Length + 1);
            File.WriteAllBytes(folder.File(name), text[..cut]);
            ReadAll(tail, final: false);
            time.Advance(TimeSpan.FromSeconds(11));
            File.WriteAllBytes(folder.File(name), random.Next(4) == 0 ? text[cut..] : text);
        }

        ReadAll(tail, final: false);
        ReadAll(tail, final: true);
    });

    private static void ReadAll(DiagTail tail, bool final)
    {
        var events = new List<DiagEvent>();
        while (tail.Read(events, 500, final))
        {
            Check(events);
        }

        Check(events);
        Assert.NotNull(tail.Checkpoint);
        if (tail.LivingLife is { } life && Factory.RunnerOf(life) is not null)
        {
            ContractLimits.Check(Factory.Heartbeat(life, Start, 0));
        }
    }

    private static void Check(List<DiagEvent> events)
    {
        Interlocked.Add(ref _events, events.Count);
        events.ForEach(happened => ContractLimits.Check(Factory.From(happened)));
        events.Clear();
    }

    private static List<(string Name, byte[] Text)> Spoil(Random random)
    {
        var logs = Recorded[random.Next(Recorded.Length)].ToList();
        var others = Recorded[random.Next(Recorded.Length)];
        for (var i = 0; i < logs.Count; i++)
        {
            var (name, text) = logs[i];
            logs[i] = (name, random.Next(logs.Count) > 0 ? text : Spoilt.Of(text, others[random.Next(others.Length)].Text, random));
        }

        for (var changes = random.Next(3); changes > 0; changes--)
        {
            ChangeFolder(logs, others, random);
        }

        return [.. logs.DistinctBy(log => log.Name)];
    }

    private static void ChangeFolder(List<(string Name, byte[] Text)> logs, (string Name, byte[] Text)[] others, Random random)
    {
        var at = random.Next(logs.Count);
        var (name, text) = logs[at];
        switch (random.Next(6))
        {
            case 0 when logs.Count > 1:
                logs.RemoveAt(at);
                break;
            case 1:
                logs.Add(others[random.Next(others.Length)]);
                break;
            case 2:
                logs[at] = (Later(name, random), text);
                break;
            case 3:
                logs.Add((Later(name, random), text));
                break;
            default:
                // It continues in other pages.
                for (var pages = random.Next(1, 4); pages > 0; pages--)
                {
                    var cut = random.Next(text.Length + 1);
                    logs[at] = (name, text[..cut]);
                    logs.Add((Later(name, random), text[cut..]));
                    (at, (name, text)) = (logs.Count - 1, logs[^1]);
                }

                break;
        }
    }

    // Worker_20261121-002243-utc.log
    private static string Later(string name, Random random)
    {
        var time = LogName.Time(name) is { Year: > 1 and < 9999 } made && random.Next(8) > 0
            ? made.AddSeconds(random.Next(-2, 10)).ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)
            : new[] { "00010101-000000", "99991231-235959", "20260230-000000", "x" }[random.Next(4)];
        return $"{name[..6]}_{time}-utc.log";
    }
}
