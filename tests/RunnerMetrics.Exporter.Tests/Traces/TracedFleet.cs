using System.Text.Json.Nodes;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Exporter.Traces;

namespace RunnerMetrics.Exporter.Tests.Traces;

/// <summary>A fleet without a network, and the spans that come of what it is told.</summary>
internal sealed class TracedFleet : IDisposable
{
    private readonly WebhookFleet _fleet;
    private readonly RunSpans _spans;

    public TracedFleet(bool tellsStarts = false, ExporterOptions? options = null)
    {
        options ??= new ExporterOptions();
        _fleet = new WebhookFleet(options with { Fleet = options.Fleet with { TracesRuns = true } });
        _spans = new RunSpans(tellsStarts);
        Listen();
    }

    /// <summary>The spans, in the order in which they are due.</summary>
    public List<RunSpan> Spans { get; } = [];

    /// <summary>The spans as texts that can be compared.</summary>
    public List<string> Texts => [.. Spans.Select(TextOf)];

    public static string TextOf(RunSpan span) =>
        $"{span.TraceId} {span.ParentId}>{span.Id} {span.Name} {span.From:O} {span.To:O} {span.Error} {string.Join(' ', span.Attributes.Select(attribute => $"{attribute.Key}={attribute.Value}"))}";

    public TracedFleet Hear(JsonNode payload, string? id = null)
    {
        _fleet.Take(payload, id, payload["workflow_run"] is null ? "workflow_job" : "workflow_run");
        return this;
    }

    public TracedFleet Hear(Event wire)
    {
        _fleet.Take(wire);
        return this;
    }

    public string Exposition() => _fleet.Text();

    /// <summary>Continues with a state that was written and read again.</summary>
    public TracedFleet Restart()
    {
        _fleet.Restart();
        Listen();
        return this;
    }

    public void Dispose() => _fleet.Dispose();

    private void Listen() => _fleet.Fleet.TraceDue = happened => Spans.AddRange(_spans.Of(happened));
}
