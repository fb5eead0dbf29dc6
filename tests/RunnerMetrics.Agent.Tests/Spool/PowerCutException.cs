namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>The machine has no power: nothing was done, and nothing will be.</summary>
internal sealed class PowerCutException() : IOException("the power is off");
