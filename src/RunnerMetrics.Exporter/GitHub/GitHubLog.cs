namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What is logged of GitHub's API: never a credential, never a payload.</summary>
internal static partial class GitHubLog
{
    [LoggerMessage(1, LogLevel.Warning, "GitHub's API ({Feature}): {Problem}")]
    public static partial void Failing(ILogger logger, string feature, string problem);

    [LoggerMessage(2, LogLevel.Information, "GitHub's API ({Feature}): works again")]
    public static partial void WorksAgain(ILogger logger, string feature);

    [LoggerMessage(3, LogLevel.Error, "GitHub's API ({Feature}): a round ended unexpectedly; the next one follows")]
    public static partial void Unexpected(ILogger logger, Exception exception, string feature);

    [LoggerMessage(4, LogLevel.Information, "Read {Path} again: a new key of the GitHub App")]
    public static partial void KeyReplaced(ILogger logger, string path);

    [LoggerMessage(5, LogLevel.Warning, "The key file {Path} cannot be read any more ({Problem}): what was read before stays valid")]
    public static partial void KeyUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(6, LogLevel.Warning, "This machine's clock is {Seconds} s {Direction} GitHub's: the App's tokens are made by GitHub's clock; set this one")]
    public static partial void ClockIsOff(ILogger logger, double seconds, string direction);

    [LoggerMessage(7, LogLevel.Information, "Webhooks that were missed: {Found} found, {Asked} asked for again")]
    public static partial void DeliveriesAsked(ILogger logger, int found, int asked);

    [LoggerMessage(8, LogLevel.Warning, "The webhook {Guid} ({Event}) could not be had: {Reason}")]
    public static partial void DeliveryGivenUp(ILogger logger, string guid, string @event, string reason);

    [LoggerMessage(9, LogLevel.Information, "Jobs of {Scope} are asked for from now on; what ended before counts nowhere")]
    public static partial void PollingBegins(ILogger logger, string scope);

    [LoggerMessage(10, LogLevel.Warning, "A look at all jobs took {Minutes} min: the installation is large for its rate limit, and what is told of jobs is as late; webhooks tell at once (docs/github-api.md)")]
    public static partial void PollingIsSlow(ILogger logger, double minutes);

    [LoggerMessage(11, LogLevel.Warning, "A job of {Repository} was refused: {Reason}")]
    public static partial void JobRefused(ILogger logger, string repository, string reason);
}
