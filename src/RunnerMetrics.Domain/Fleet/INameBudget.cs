namespace RunnerMetrics.Domain.Fleet;

/// <summary>How many runners a sender may bring up that nobody has heard of: so that one cannot use up the room that the others need.</summary>
public interface INameBudget
{
    /// <summary>Why no further name is taken, and when one will be.</summary>
    string Refusal { get; }

    /// <summary>Takes one.</summary>
    /// <returns>False where none is left now.</returns>
    bool TryTake();
}
