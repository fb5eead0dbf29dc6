using System.Globalization;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What all payloads have in common.</summary>
internal static class PayloadText
{
    /// <summary>Beyond any clock that is merely wrong.</summary>
    public static readonly TimeSpan MostAhead = TimeSpan.FromDays(1);

    private const int LongestShown = 40, LongestTraced = 1024;

    /// <summary>Nothing is older than GitHub; before it stand times that were never set, such as 0001-01-01.</summary>
    private static readonly DateTimeOffset FirstTime = new(2008, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The server of a repository: of <c>https://github.com/octo-org/octo-repo</c>, whose server may have a port.</summary>
    public static string ServerOf(RepositoryPart repository, WebhookDelivery delivery) =>
        Uri.TryCreate(repository.HtmlUrl, UriKind.Absolute, out var page) && page.Scheme is "http" or "https" ? $"{page.Scheme}://{page.Authority}"
        : delivery.EnterpriseHost.Length > 0 ? $"https://{delivery.EnterpriseHost}"
        : "https://github.com";

    /// <summary>A time in UTC; null if there is none, or one that was never set.</summary>
    public static DateTimeOffset? Known(DateTimeOffset? time) => time >= FirstTime ? time.Value.ToUniversalTime() : null;

    /// <summary>A text that only a trace shows: cut where it is longer than any of GitHub's own.</summary>
    public static string Traced(string? text) => text is null ? "" : text.Length <= LongestTraced ? text : text[..LongestTraced];

    /// <summary>A word of a payload as it is shown.</summary>
    public static string Shorten(string text) => text.Length <= LongestShown ? text : text[..LongestShown] + "…";

    /// <summary>Why something that happened so long ago is not counted.</summary>
    public static string TooOld(TimeSpan age, TimeSpan horizon) =>
        string.Create(CultureInfo.InvariantCulture, $"the event is {age.TotalDays:F0} days old, more than {horizon.TotalDays:F0}: it is not counted");
}
