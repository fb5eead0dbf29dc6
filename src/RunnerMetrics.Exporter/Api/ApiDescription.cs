namespace RunnerMetrics.Exporter.Api;

/// <summary>A call as the description of the API has it.</summary>
/// <param name="Path">Its path, names in braces.</param>
/// <param name="Summary">What it answers.</param>
/// <param name="Parameters">What may stand in its query.</param>
/// <param name="Answer">What it answers with; null where that is no JSON.</param>
internal sealed record ApiDescription(string Path, string Summary, IReadOnlyList<ApiParameter> Parameters, Type? Answer);
