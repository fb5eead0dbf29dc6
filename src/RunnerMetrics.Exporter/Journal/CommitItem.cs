using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Journal;

/// <summary>One thing to make durable and fold in: how it is kept, and what it is.</summary>
/// <param name="Entry">What is written.</param>
/// <param name="Event">What is folded in; null where a refused event's sequence is settled and nothing else.</param>
/// <param name="Source">The event's place among its sender's.</param>
internal readonly record struct CommitItem(Entry Entry, FleetEvent? Event, EventSource Source);
