namespace RunnerMetrics.Domain.Memory;

/// <summary>How many bytes many parts take together.</summary>
internal sealed class ByteMeter
{
    public long Bytes { get; set; }
}
