using System.CommandLine;
using System.Globalization;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Exporter.Configuration;

/// <summary>The options of GitHub's REST API, each described once.</summary>
internal sealed class GitHubArguments(ProgramOptions options)
{
    private static readonly GitHubOptions Defaults = new();

    private readonly ProgramOption<string?> _appId = options.Text("--github-app-id", "ID", "Client id of a GitHub App as which GitHub's API is asked; without it, and without --github-token-file, it is not");

    private readonly ProgramOption<string?> _appKeyFile = options.Text("--github-app-key-file", "FILE", "PEM private key of the App");

    private readonly ProgramOption<string?> _appInstallation = options.Text("--github-app-installation", "ID", "Which installation of the App; without it the only one");

    private readonly ProgramOption<string?> _tokenFile = options.Text("--github-token-file", "FILE", "File of a personal access token, in place of an App; needs --github-scopes");

    private readonly ProgramOption<IReadOnlyList<string>> _scopes = options.Describe(
        "--github-scopes", Texts.List("SCOPES"), Defaults.Scopes, "Organisations and repositories to ask for: acme,octo/shop; without it what the App is installed in");

    private readonly ProgramOption<Uri?> _url = options.Describe("--github-url", Addresses.Service("https://github.com"), Defaults.Server, "The server: github.com, a tenant of ghe.com, or an Enterprise Server");

    private readonly ProgramOption<Uri?> _apiUrl = options.Describe(
        "--github-api-url", Addresses.Url("https://api.github.com"), null, "Where its API is; without it, that follows from --github-url");

    private readonly ProgramOption<IReadOnlyList<string>> _features = options.Describe(
        "--github-features", Texts.List("FEATURES"), Defaults.Features, "What to ask GitHub for: missed webhooks (deliveries), registered runners, deadlines of versions, jobs");

    private readonly ProgramOption<GitHubJobs> _pollJobs = options.Describe(
        "--github-poll-jobs", Texts.OneOf("WHEN", ("auto", GitHubJobs.Auto), ("on", GitHubJobs.On), ("off", GitHubJobs.Off)), Defaults.PollJobs, "Ask for jobs: where no webhooks are taken (auto), always (on), or never (off)");

    private readonly ProgramOption<int> _rateShare = options.Describe("--github-rate-share", Numbers.Between(1, 100), Defaults.RateShare, "Percent of GitHub's rate limit that may be used");

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All => [_appId, _appKeyFile, _appInstallation, _tokenFile, _scopes, _url, _apiUrl, _features, _pollJobs, _rateShare];

    /// <summary>What was asked for, not yet validated as a whole.</summary>
    public GitHubOptions Value(ParseResult parsed) => new()
    {
        AppId = _appId.Value(parsed),
        AppKeyFile = _appKeyFile.Value(parsed),
        AppInstallation = InstallationOf(_appInstallation.Value(parsed)),
        TokenFile = _tokenFile.Value(parsed),
        Scopes = _scopes.Value(parsed),
        Server = _url.Value(parsed) ?? Defaults.Server,
        Api = _apiUrl.Value(parsed),
        Features = _features.Value(parsed),
        PollJobs = _pollJobs.Value(parsed),
        RateShare = _rateShare.Value(parsed),
    };

    // What is no number is refused by the validation: no installation has the number 0.
    private static long? InstallationOf(string? text) =>
        text is null ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
