namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>Whose log it is.</summary>
internal enum LogKind
{
    /// <summary><c>Runner_20261121-002242-utc.log</c> and its like.</summary>
    Listener,

    /// <summary><c>Worker_20261121-002243-utc.log</c> and its like.</summary>
    Worker,
}
