namespace RunnerMetrics.Automation.Apis;

/// <summary>The tokens that an answer's <c>usage</c> says were used; null if it does not say.</summary>
/// <param name="Prompt">Those of the prompt, <c>prompt_tokens</c>.</param>
/// <param name="Completion">Those of the completion, <c>completion_tokens</c>.</param>
public readonly record struct TokenUsage(long? Prompt, long? Completion);
