using Microsoft.Extensions.DependencyInjection;
using RunnerMetrics.Agent.Adoption;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Agent.Tests.Spool;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Adoption;

/// <summary>A pod that dies after its one job leaves its spool on the node: the next agent there delivers it, once.</summary>
public sealed class SpoolAdopterTests : IDisposable
{
    private readonly TemporaryFolder _node = new();
    private readonly ManualTimeProvider _time = new(TimeProvider.System.GetUtcNow().AddMinutes(5));
    private readonly MemoryLogger _log = new();
    private readonly Collector _collector = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task AdoptAll_SpoolOfAnAgentThatIsGone_IsDeliveredUnderItsSenderIdAndGoes()
    {
        var (first, second) = (Leave("pod-1", 3), Leave("pod-2", 2));

        await Adopter("pod-3").AdoptAllAsync(Cancelled);

        Assert.Equal(
            [(first, 1UL, "e0"), (first, 2UL, "e1"), (first, 3UL, "e2"), (second, 1UL, "e0"), (second, 2UL, "e1")],
            _collector.Taken);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_node.Path));
    }

    [Fact]
    public async Task AdoptAll_SpoolThatALivingAgentHolds_IsLeftAlone()
    {
        Leave("pod-1", 3);
        using (DiskFolder.Open(_node.File("pod-1"), "agent", "--spool"))
        {
            await Adopter("pod-2").AdoptAllAsync(Cancelled);
        }

        Assert.Empty(_collector.Taken);
        Assert.True(File.Exists(Path.Combine(_node.File("pod-1"), EventSpool.FileName)));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("Cannot deliver", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AdoptAll_OwnSpoolOrOneJustWritten_IsLeftAlone()
    {
        Leave("own", 1);
        Leave("starting-again", 1);
        File.SetLastWriteTimeUtc(Path.Combine(_node.File("starting-again"), EventSpool.FileName), _time.GetUtcNow().UtcDateTime.AddSeconds(-30));

        await Adopter("own").AdoptAllAsync(Cancelled);
        Assert.Empty(_collector.Taken);

        _time.Advance(TimeSpan.FromMinutes(1));
        await Adopter("own").AdoptAllAsync(Cancelled);
        Assert.Single(_collector.Taken);
        Assert.True(Directory.Exists(_node.File("own")));
    }

    [Fact]
    public async Task AdoptAll_CollectorAway_KeepsItAndDeliversItLater()
    {
        var sender = Leave("pod-1", 3);
        _collector.IsAway = true;
        var away = Adopter("pod-2").AdoptAllAsync(Cancelled);
        while (!away.IsCompleted)
        {
            await _time.AdvanceAsync(TimeSpan.FromSeconds(1), () => away.IsCompleted);
        }

        await away;
        Assert.Empty(_collector.Taken);

        _collector.IsAway = false;
        _time.Advance(TimeSpan.FromMinutes(2));
        await Adopter("pod-2").AdoptAllAsync(Cancelled);
        Assert.Equal([(sender, 1UL, "e0"), (sender, 2UL, "e1"), (sender, 3UL, "e2")], _collector.Taken);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_node.Path));
    }

    [Fact]
    public async Task AdoptAll_ManyAtOnce_DeliverEachOnce()
    {
        for (var pod = 0; pod < 10; pod++)
        {
            Leave($"pod-{pod}", 2);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(agent => Task.Run(() => Adopter($"agent-{agent}").AdoptAllAsync(Cancelled), Cancelled)));

        // Who found one held by another leaves it to that one, and looks again.
        _time.Advance(TimeSpan.FromMinutes(2));
        await Adopter("agent-0").AdoptAllAsync(Cancelled);
        Assert.Equal(20, _collector.Taken.Count);
        Assert.Distinct(_collector.Taken);
        Assert.Empty(Directory.EnumerateDirectories(_node.Path));
    }

    [Fact]
    public async Task AdoptAll_LinkOrFolderWithoutASpool_IsLeftAlone()
    {
        Leave("elsewhere", 1);
        using var node = new TemporaryFolder();
        Directory.CreateSymbolicLink(node.File("link"), _node.File("elsewhere"));
        Directory.CreateDirectory(node.File("other"));

        await Adopter(node, "own").AdoptAllAsync(Cancelled);

        Assert.Empty(_collector.Taken);
        Assert.True(Directory.Exists(node.File("other")));
    }

    [Fact]
    public async Task AdoptAll_RejectedEvents_AreLeftForAPerson()
    {
        Leave("pod-1", 2);
        _collector.Rejects = true;

        await Adopter("pod-2").AdoptAllAsync(Cancelled);

        Assert.Equal(["dead-letter.jsonl", "lock"], Directory.EnumerateFiles(_node.File("pod-1")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await Adopter("pod-2").AdoptAllAsync(Cancelled);
        Assert.Equal(2, _collector.Taken.Count);
    }

    [Fact]
    public async Task Run_WithAdopt_DeliversWhatOthersLeft()
    {
        var sender = Leave("pod-1", 2);
        using var stop = new CancellationTokenSource();
        var agent = AgentRun.StartAsync(Options(_node, "own"), _log, _time, services => services.AddSingleton<IEventSender>(_collector), stop.Token);
        await Wait.UntilAsync(() => !Directory.Exists(_node.File("pod-1")), "what pod-1 left is delivered and gone");
        await stop.CancelAsync();

        Assert.Equal(0, await agent);
        Assert.Equal([(sender, 1UL, "e0"), (sender, 2UL, "e1")], _collector.Taken);
    }

    private static AgentOptions Options(TemporaryFolder node, string own) => new()
    {
        Diag = node.File("_diag"),
        Spool = node.File(own),
        Adopt = node.Path,
        RunnerName = "r",
        RunnerType = "standard",
        Collector = new Uri("http://127.0.0.1:9095"),
    };

    private SpoolAdopter Adopter(string own) => Adopter(_node, own);

    private SpoolAdopter Adopter(TemporaryFolder node, string own) =>
        new(Options(node, own), new SpoolOptions(), new DelivererFactory(_collector, new DeliveryOptions(), _time, _log), _time, _log);

    /// <summary>What an agent leaves that is killed with events undelivered.</summary>
    /// <returns>Its sender id.</returns>
    private string Leave(string pod, int events)
    {
        using var folder = DiskFolder.Open(_node.File(pod), "agent", "--spool");
        using var spool = EventSpool.Open(folder, new SpoolOptions(), TimeProvider.System, _log);
        spool.Append([.. Enumerable.Range(0, events).Select(SpoolStory.EventAt)], SpoolStory.PlaceAt(1));
        return spool.SenderId;
    }

    private sealed class Collector : IEventSender
    {
        private readonly Lock _gate = new();
        private readonly List<(string Sender, ulong Sequence, string Event)> _taken = [];

        public bool IsAway { get; set; }

        public bool Rejects { get; set; }

        public IReadOnlyList<(string Sender, ulong Sequence, string Event)> Taken
        {
            get
            {
                lock (_gate)
                {
                    return [.. _taken];
                }
            }
        }

        public async Task<ReportEventsResponse> SendAsync(ReportEventsRequest request, CancellationToken stop)
        {
            await Task.Yield();
            stop.ThrowIfCancellationRequested();
            if (IsAway)
            {
                throw new DeliveryException(DeliveryProblem.Unavailable, "nobody is there");
            }

            lock (_gate)
            {
                _taken.AddRange(request.Events.Select(sent => (request.SenderId, sent.Sequence, sent.EventId)));
            }

            var response = new ReportEventsResponse();
            response.Results.AddRange(request.Events.Select(sent => new EventResult
            {
                EventId = sent.EventId,
                Outcome = Rejects ? EventResult.Types.Outcome.Rejected : EventResult.Types.Outcome.Accepted,
            }));
            return response;
        }

        public void Dispose()
        {
        }
    }
}
