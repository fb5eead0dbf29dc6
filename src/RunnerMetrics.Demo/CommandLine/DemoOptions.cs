namespace RunnerMetrics.Demo.CommandLine;

/// <summary>How the demo runs.</summary>
/// <param name="Duration">How long; null: until it is stopped.</param>
/// <param name="Speed">How much shorter than real ones jobs are.</param>
/// <param name="HttpPort">The port of <c>/metrics</c>.</param>
/// <param name="GrpcPort">The port that the agents report to.</param>
internal sealed record DemoOptions(TimeSpan? Duration, double Speed, int HttpPort, int GrpcPort);
