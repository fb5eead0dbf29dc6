using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>A batch, and what the collector answered.</summary>
internal sealed record AnsweredBatch(SpoolBatch Batch, ReportEventsResponse Answer);
