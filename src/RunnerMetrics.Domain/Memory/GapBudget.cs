namespace RunnerMetrics.Domain.Memory;

/// <summary>How many ranges of settled sequences all senders may have together: one each, and some more for those who leave gaps.</summary>
/// <param name="most">How many.</param>
internal sealed class GapBudget(long most)
{
    public long Ranges { get; set; }

    public bool IsSpent => Ranges >= most;
}
