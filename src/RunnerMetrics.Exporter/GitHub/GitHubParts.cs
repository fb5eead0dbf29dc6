using RunnerMetrics.Exporter.Webhooks;

namespace RunnerMetrics.Exporter.GitHub;

// What is used of the REST API's answers; whatever else they hold is passed over. They stand in one file because they are one list: the fields that the exporter relies on.

/// <summary>Why something was refused: <c>{"message":"Bad credentials",…}</c>.</summary>
internal sealed record MessagePart(string? Message);

/// <summary>A new token of an installation.</summary>
internal sealed record TokenPart(string? Token, DateTimeOffset ExpiresAt, Dictionary<string, string>? Permissions);

/// <summary>Where an App is installed.</summary>
internal sealed record InstallationPart(long Id, AccountPart? Account, string? TargetType);

/// <summary>An organisation or a person.</summary>
internal sealed record AccountPart(string? Login, string? Type);

/// <summary>A page of runners.</summary>
internal sealed record RunnersPart(int TotalCount, IReadOnlyList<RunnerPart?>? Runners);

/// <summary>A runner.</summary>
internal sealed record RunnerPart(long Id, string? Name, string? Status, bool Busy, bool? Ephemeral, string? Version, IReadOnlyList<LabelPart?>? Labels);

/// <summary>A runner's label.</summary>
internal sealed record LabelPart(string? Name);

/// <summary>When a version of the runner is served no more.</summary>
internal sealed record DeprecationPart(string? RunnerVersion, DateTimeOffset? RuntimeDeprecatesAt, DateTimeOffset? RegistrationDeprecatesAt);

/// <summary>One try to deliver a webhook.</summary>
internal sealed record DeliveryPart(long Id, string? Guid, DateTimeOffset DeliveredAt, bool Redelivery, string? Status, int StatusCode, string? Event);

/// <summary>A webhook.</summary>
internal sealed record HookPart(long Id, HookConfigPart? Config);

/// <summary>Where a webhook delivers to.</summary>
internal sealed record HookConfigPart(string? Url);

/// <summary>A repository in a list.</summary>
internal sealed record RepositoryItem(string? FullName, string? HtmlUrl, DateTimeOffset? PushedAt, bool Archived);

/// <summary>A page of an installation's repositories.</summary>
internal sealed record RepositoriesPart(int TotalCount, IReadOnlyList<RepositoryItem?>? Repositories);

/// <summary>A page of runs.</summary>
internal sealed record RunsPart(int TotalCount, IReadOnlyList<RunPart?>? WorkflowRuns);

/// <summary>A workflow run.</summary>
internal sealed record RunPart(long Id, int? RunAttempt, string? Name, string? Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>A page of an attempt's jobs, each as its webhook has it.</summary>
internal sealed record JobsPart(int TotalCount, IReadOnlyList<WorkflowJobPayload.JobPart?>? Jobs);

/// <summary>What is left of the limits.</summary>
internal sealed record RateLimitPart(RateLimitPart.ResourcesPart? Resources)
{
    internal sealed record ResourcesPart(LimitPart? Core);

    internal sealed record LimitPart(int Limit, int Used, int Remaining, long Reset);
}
