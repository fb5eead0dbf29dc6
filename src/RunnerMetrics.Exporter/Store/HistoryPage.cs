namespace RunnerMetrics.Exporter.Store;

/// <summary>A part of an answer. It may hold fewer than were asked for, though there are more: where few rows fit, what can be looked at in half a second ends it.</summary>
/// <param name="Items">What was found, the latest first.</param>
/// <param name="Next">Where the next page begins; null if nothing is left.</param>
internal sealed record HistoryPage<T>(IReadOnlyList<T> Items, HistoryCursor? Next);
