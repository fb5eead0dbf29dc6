using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Repositories;
using RunnerMetrics.Exporter.Webhooks;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>The way from payloads and agents' events to the state, without a network: each event goes through its journal entry's bytes.</summary>
internal sealed class WebhookFleet : IDisposable
{
    private readonly ExporterOptions _options;
    private MetricRegistry _registry = new();
    private Dictionary<string, IGitHubEvent> _readers;
    private FleetWatch _watch;
    private DateTimeOffset _watchedUntil = AgentEvents.Now;
    private int _deliveries;

    public WebhookFleet(ExporterOptions? options = null)
    {
        _options = options ?? new ExporterOptions();
        Fleet = new FleetState(_registry, _options.Fleet);
        _watch = new FleetWatch(Fleet, _registry, _options.Fleet);
        _readers = ReadersOf(Fleet);
    }

    public FleetState Fleet { get; private set; }

    public WebhookReading Take(JsonNode payload, string? id = null, string name = "workflow_job") => Take(payload.Bytes(), id, name);

    public WebhookReading Take(ReadOnlySpan<byte> payload, string? id = null, string name = "workflow_job", DateTimeOffset? at = null)
    {
        var delivery = new WebhookDelivery(id ?? (++_deliveries).ToString(CultureInfo.InvariantCulture), "", at ?? AgentEvents.Now);
        var reading = _readers[name].Read(new ReadOnlySequence<byte>(payload.ToArray()), delivery);
        foreach (var happened in reading.Events)
        {
            Fold(CommitItem.Of(happened).Entry);
        }

        return reading;
    }

    public void Take(Event wire)
    {
        var reading = new EventReader(AgentEvents.Now, TimeSpan.Zero, AgentEvents.Now, _options.Fleet.Horizon).Read(wire);
        if (reading.Heartbeat is { } heartbeat)
        {
            if (Fleet.FirstSign(heartbeat) is { } seen)
            {
                Fold(CommitItem.Of(seen).Entry);
            }

            Fleet.RecordHeartbeat(heartbeat);
        }
        else
        {
            Fold(CommitItem.Of(wire, reading.Event ?? throw new ArgumentException(reading.Refusal, nameof(wire)), default).Entry);
        }
    }

    public void Judge(DateTimeOffset now)
    {
        for (var left = now - _watchedUntil; left > TimeSpan.Zero; left -= _options.Fleet.OfflineAfter / 2)
        {
            _watch.Observe(left);
        }

        _watchedUntil = now;
        foreach (var verdict in _watch.Judge(now))
        {
            Fold(CommitItem.Of(verdict).Entry);
        }
    }

    /// <summary>Continues with a state that was written and read again.</summary>
    public void Restart()
    {
        var (before, state) = (Text(), Save());
        Load(state);
        Assert.Equal(before, Text());
    }

    /// <summary>The state, as a snapshot keeps it.</summary>
    public byte[] Save()
    {
        using var snapshot = new MemoryStream();
        Fleet.Save(snapshot);
        return snapshot.ToArray();
    }

    /// <summary>Continues with a state, all of it.</summary>
    public void Load(byte[] state)
    {
        _registry.Dispose();
        _registry = new MetricRegistry();
        Fleet = new FleetState(_registry, _options.Fleet);
        _watch = new FleetWatch(Fleet, _registry, _options.Fleet);
        _readers = ReadersOf(Fleet);
        using var snapshot = new MemoryStream(state);
        Fleet.Load(snapshot);
        Assert.Equal(snapshot.Length, snapshot.Position);
    }

    public string Text() => Scraped.From(_registry, ExpositionFormat.OpenMetrics).Text;

    /// <summary>The samples, without those that are 0.</summary>
    public SortedDictionary<string, double> Samples() => new(
        Scraped.Of(Text()).Samples.Where(sample => sample.Value != 0).ToDictionary(),
        StringComparer.Ordinal);

    /// <summary>What was counted of jobs, which no order of events may change. How long a job took is told by whoever concluded it first.</summary>
    public SortedDictionary<string, double> Counts() => new(
        Samples().Where(sample => sample.Key.Contains("job", StringComparison.Ordinal) && !sample.Key.Contains("duration_seconds_sum", StringComparison.Ordinal))
            .ToDictionary(), StringComparer.Ordinal);

    public void Dispose() => _registry.Dispose();

    private Dictionary<string, IGitHubEvent> ReadersOf(FleetState fleet) => new IGitHubEvent[]
    {
        new WorkflowJobEvent(_options, new RunnerLabels(_options, fleet), new RepositoryFilter(new RepositoryNames(_options.Repositories)), fleet), new DeploymentEvent(DeploymentEvent.Created, _options),
        new DeploymentEvent(DeploymentEvent.Status, _options), new PushEvent(), new WorkflowRunEvent(_options),
    }.ToDictionary(reader => reader.Name);

    private void Fold(Entry entry)
    {
        var item = CommitItem.Read(Entry.Parser.ParseFrom(entry.ToByteArray()));
        Fleet.Apply(item.Event!, item.Source);
    }
}
