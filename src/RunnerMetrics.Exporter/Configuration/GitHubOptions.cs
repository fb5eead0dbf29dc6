namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Whether, and as whom, the exporter asks GitHub's REST API. It does not by default.</summary>
public sealed record GitHubOptions
{
    /// <summary>The server that people open in a browser: github.com, a tenant of ghe.com, or an Enterprise Server.</summary>
    public Uri Server { get; init; } = new("https://github.com");

    /// <summary>Where its API is; null where that follows from <see cref="Server"/>.</summary>
    public Uri? Api { get; init; }

    /// <summary>The client id, or the id, of a GitHub App; null where there is none.</summary>
    public string? AppId { get; init; }

    /// <summary>The App's private key, PEM.</summary>
    public string? AppKeyFile { get; init; }

    /// <summary>Which of the App's installations; null where it has only one.</summary>
    public long? AppInstallation { get; init; }

    /// <summary>A file whose first line is a personal access token, in place of an App; null where there is none.</summary>
    public string? TokenFile { get; init; }

    /// <summary>What is asked for: organisations (<c>acme</c>) and repositories (<c>acme/shop</c>); none: what the App is installed in.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>What there is to ask for.</summary>
    public static IReadOnlyList<string> AllFeatures { get; } = ["deliveries", "runners", "versions", "jobs"];

    /// <summary>Which of <see cref="AllFeatures"/> are used: what the credential has no permission for can be left out.</summary>
    public IReadOnlyList<string> Features { get; init; } = AllFeatures;

    /// <summary>When jobs are asked for.</summary>
    public GitHubJobs PollJobs { get; init; }

    /// <summary>How many percent of the rate limit are used at most, 1 to 100.</summary>
    public int RateShare { get; init; } = 30;

    /// <summary>How long each try of a request waits for the beginning of an answer, in real time.</summary>
    public TimeSpan AnswersWithin { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether GitHub is asked at all.</summary>
    public bool IsOn => AppId is not null || TokenFile is not null;

    /// <summary>Where the API is (docs.github.com, "Getting started with the REST API": <c>https://HOST/api/v3</c> on an Enterprise Server).</summary>
    public Uri ApiUrl => Api
        ?? (Server.Host == "github.com" ? new Uri("https://api.github.com")
        : Server.Host.EndsWith(".ghe.com", StringComparison.Ordinal) ? new Uri($"{Server.Scheme}://api.{Server.Authority}")
        : new Uri(Server, "/api/v3"));
}
