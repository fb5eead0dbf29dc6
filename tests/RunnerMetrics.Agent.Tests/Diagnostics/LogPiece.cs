using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Some bytes that a runner wrote at once.</summary>
internal sealed record LogPiece(LogKind Kind, string Page, byte[] Bytes);
