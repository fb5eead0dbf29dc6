namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A place in the log of one listener process, and what was known there. No job is open at such a place.</summary>
/// <param name="At">Where to continue reading.</param>
/// <param name="Life">The life of the listener, if its beginning was read.</param>
/// <param name="LastLineAt">The time of the last line in front of the place.</param>
/// <param name="WasHeld">Whether the process was seen to hold its log.</param>
internal sealed record ListenerPlace(LogPosition At, ListenerLife? Life, DateTimeOffset? LastLineAt, bool WasHeld);
