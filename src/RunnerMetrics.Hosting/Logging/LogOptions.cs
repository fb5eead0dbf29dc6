using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Hosting.Logging;

/// <summary>How a program logs.</summary>
/// <param name="Format">How lines are written.</param>
/// <param name="Level">The least level that is written.</param>
public sealed record LogOptions(LogFormat Format = LogFormat.Text, LogLevel Level = LogLevel.Information);
