using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Spool;

/// <summary>Events that are sent together.</summary>
/// <param name="Events">In the order of their sequences; never empty.</param>
/// <param name="Offset">Where in the file the frame of the last one begins.</param>
/// <param name="Generation">Which file that was: it may have been written again since.</param>
internal sealed record SpoolBatch(IReadOnlyList<Event> Events, long Offset, int Generation);
