namespace RunnerMetrics.AppHost.Stack;

/// <summary>The stack cannot start as it is configured, or on this machine; nothing of it was started.</summary>
/// <param name="problems">What is wrong, and what would be right: a sentence each.</param>
internal sealed class StackProblemsException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
