namespace RunnerMetrics.Domain.Fleet;

/// <summary>How many new runners a sender may report, so that one sender cannot use up the room that others need.</summary>
public interface INameBudget
{
    /// <summary>Why no further name is accepted, and when one will be.</summary>
    string Refusal { get; }

    /// <summary>Takes one.</summary>
    /// <returns>False if none is left now.</returns>
    bool TryTake();
}
