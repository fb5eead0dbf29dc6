namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>From where both streams are read on, and the life of the listener that was known there. No job is open at such a place.</summary>
internal sealed record DiagCheckpoint(LogPosition Listener, LogPosition Worker, ListenerLife? Life);
