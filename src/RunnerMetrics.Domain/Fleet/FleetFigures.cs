namespace RunnerMetrics.Domain.Fleet;

/// <summary>What the series of <c>/metrics</c> say at one moment, as OpenTelemetry's conventions for CI/CD group it. What is not measured is absent.</summary>
/// <param name="Since">Since when all of it is counted, restarts included.</param>
/// <param name="Workers">Runners.</param>
/// <param name="Workflows">Jobs and active runs.</param>
/// <param name="Runs">Ended runs.</param>
/// <param name="SystemErrors">Jobs that the runners failed.</param>
public sealed record FleetFigures(
    DateTimeOffset Since, IReadOnlyList<WorkerFigure> Workers, IReadOnlyList<WorkflowFigure> Workflows, IReadOnlyList<RunFigure> Runs, IReadOnlyList<SystemErrorFigure> SystemErrors);
