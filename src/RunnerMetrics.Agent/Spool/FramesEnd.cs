namespace RunnerMetrics.Agent.Spool;

/// <summary>How far frames could be read.</summary>
/// <param name="SoundLength">Where its sound part ends; what follows is a torn write.</param>
/// <param name="SkippedBytes">How many bytes of damage were stepped over.</param>
internal readonly record struct FramesEnd(int SoundLength, int SkippedBytes);
