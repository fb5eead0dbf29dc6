using System.Text;
using Google.Protobuf;
using Grpc.Core;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Collector;

/// <summary>Real batches, corrupted at random: each is taken or refused, what is taken can be kept and read again, and nothing else happens.</summary>
public class MessageFuzzTests
{
    private const int InProcess = 100_000;
    private const int OverTheWire = 3_000;

    private static readonly byte[][] Seeds =
    [
        .. new Event[]
        {
            AgentEvents.Heartbeat("h"), AgentEvents.Started("s", "j1"), AgentEvents.Completed("c", "j1"), AgentEvents.Completed("f", "j2", conclusion: JobCompleted.Types.Conclusion.Failed),
            AgentEvents.Stopped("t"), AgentEvents.Cache("k"), AgentEvents.Deployment("d", "d1"), AgentEvents.Incident("i", "i1", -60, -10), AgentEvents.Completed("q", "j3").With(e => e.Sequence = 7),
        }.Select(good => AgentEvents.Batch(AgentEvents.Now, good).ToByteArray()),
        AgentEvents.Batch(AgentEvents.Now, AgentEvents.Heartbeat("h"), AgentEvents.Started("s", "j1"), AgentEvents.Completed("c", "j1"), AgentEvents.Cache("k")).ToByteArray(),
    ];

    [Fact]
    public void Read_SpoiltBatches_AreTakenOrRefused()
    {
        var random = new Random(20261129);
        var limits = new FleetOptions { MaxRunners = 50, MaxRunnerRecords = 200, MaxLabelSets = 20, MaxWorkflowJobs = 1000, MaxDeployments = 100, MaxSenders = 100, MaxRemembered = 10_000 };
        using var registry = new MetricRegistry();
        var fleet = new FleetState(registry, limits);
        var admission = new Admission(fleet, registry, limits);
        var (unread, refused, taken) = (0, 0, 0);
        for (var i = 0; i < InProcess; i++)
        {
            var bytes = Spoil(Seeds[random.Next(Seeds.Length)], random);
            try
            {
                if (!TryParse(bytes, out var batch))
                {
                    unread++;
                    continue;
                }

                foreach (var wire in batch.Events)
                {
                    _ = Take(wire, batch.SenderId, fleet, admission) ? taken++ : refused++;
                }
            }
            catch (Exception e)
            {
                Assert.Fail($"Batch {i}: {e}\n{Convert.ToBase64String(bytes)}");
            }
        }

        Assert.True(unread > 1000 && refused > 1000 && taken > 1000, $"{unread} were no message, {refused} refused, {taken} taken: the batches are not spoilt as they should be.");
        Assert.Equal(TextOf(registry), Restarted(fleet, limits));
    }

    [Fact]
    public async Task ReportEvents_SpoiltBatches_AreNeverAnsweredWithAFault()
    {
        StatusCode[] right = [StatusCode.OK, StatusCode.InvalidArgument, StatusCode.Internal];
        var random = new Random(20261130);
        await using var exporter = await RunningExporter.StartAsync();
        using var client = new PatientHttpClient { BaseAddress = exporter.Grpc };
        for (var i = 0; i < OverTheWire; i++)
        {
            var bytes = Spoil(Seeds[random.Next(Seeds.Length)], random);
            var answer = await client.RawAsync([RawCall.Frame(bytes)]);
            Assert.True(answer.HttpStatus == System.Net.HttpStatusCode.OK && right.Contains(Enum.Parse<StatusCode>(answer.Status!)), $"Batch {i} was answered {answer.Status}: {answer.Message}\n{Convert.ToBase64String(bytes)}");
        }

        Assert.Contains("github_runner_jobs_total", await exporter.ScrapeAsync(), StringComparison.Ordinal);
    }

    private static bool TryParse(byte[] bytes, out ReportEventsRequest batch)
    {
        try
        {
            batch = ReportEventsRequest.Parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            batch = new ReportEventsRequest();
            return false;
        }
    }

    // The way of an event: judged, admitted, kept, read again, folded in.
    private static bool Take(Event wire, string sender, FleetState fleet, Admission admission)
    {
        var reading = new EventReader(AgentEvents.Now, TimeSpan.Zero, AgentEvents.Now, TimeSpan.FromDays(35)).Read(wire);
        if (reading.Heartbeat is { } heartbeat)
        {
            fleet.RecordHeartbeat(heartbeat);
            return true;
        }

        admission.Begin();
        if (reading.Event is not { } happened || admission.Refuse(happened) is not null)
        {
            return false;
        }

        var entry = Entry.Parser.ParseFrom(CommitItem.Of(wire, happened, new Domain.Events.EventSource(sender, wire.Sequence)).Entry.ToByteArray());
        CommitLoop.Fold(fleet, CommitItem.Read(entry));
        return true;
    }

    private static string Restarted(FleetState fleet, FleetOptions limits)
    {
        using var state = new MemoryStream();
        fleet.Save(state);
        state.Position = 0;
        using var registry = new MetricRegistry();
        new FleetState(registry, limits).Load(state);
        return TextOf(registry);
    }

    private static string TextOf(MetricRegistry registry)
    {
        using var snapshot = registry.Snapshot(ExpositionFormat.OpenMetrics);
        return string.Concat(snapshot.Pieces.Select(piece => Encoding.UTF8.GetString(piece.Span)));
    }

    private static byte[] Spoil(byte[] seed, Random random)
    {
        List<byte> bytes = [.. seed];
        for (var times = random.Next(1, 5); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(bytes.Count - at, random.Next(1, 9)));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 9)).Select(_ => (byte)random.Next(256)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    // A part of another message, with its own lengths.
                    var other = Seeds[random.Next(Seeds.Length)];
                    bytes.InsertRange(at, other[..random.Next(1, other.Length)]);
                    break;
                default:
                    // A letter for a letter: names that were not there before.
                    bytes[at] = bytes[at] is >= (byte)'0' and <= (byte)'z' ? (byte)random.Next('0', 'z' + 1) : bytes[at];
                    break;
            }
        }

        return [.. bytes];
    }
}
