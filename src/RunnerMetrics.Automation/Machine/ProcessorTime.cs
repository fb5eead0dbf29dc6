namespace RunnerMetrics.Automation.Machine;

/// <summary>What the machine's processors have spent since it started, in ticks of its clock.</summary>
/// <param name="Busy">Ticks in which they worked.</param>
/// <param name="Total">All ticks.</param>
internal readonly record struct ProcessorTime(long Busy, long Total)
{
    /// <summary>How busy they were since an earlier reading, from 0 to 100, or null if no time has passed.</summary>
    public double? PercentSince(ProcessorTime earlier) => Total > earlier.Total ? Math.Clamp(100.0 * (Busy - earlier.Busy) / (Total - earlier.Total), 0, 100) : null;
}
