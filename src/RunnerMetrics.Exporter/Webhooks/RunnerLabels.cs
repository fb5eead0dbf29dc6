using System.IO.Enumeration;
using RunnerMetrics.Core.Runners;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What the labels of a job say of the runner that it asks for.</summary>
internal sealed class RunnerLabels(ExporterOptions options, Fleet fleet)
{
    private const string SelfHosted = "self-hosted";
    private const string GitHubsGroup = "GitHub Actions";
    private static readonly string[] RunnerImages = ["standard", "chrome", "chrome-go"];
    private static readonly string[] GitHubsImages = ["ubuntu-", "windows-", "macos-"];

    /// <summary>The type that a label names, by the configured mapping, else by its own word; else <c>standard</c>.</summary>
    public string TypeOf(IReadOnlyList<string> labels) =>
        labels.Select(MappedType).FirstOrDefault(type => type is not null)
        ?? labels.Select(label => label.ToLowerInvariant()).FirstOrDefault(label => RunnerImages.Contains(label) || fleet.KnowsType(label))
        ?? RunnerImages[0];

    /// <summary>Whether a job is for, or ran on, a runner of GitHub's own.</summary>
    /// <param name="labels">What the job asks for.</param>
    /// <param name="runnerName">Who took it; empty where nobody did.</param>
    /// <param name="runnerGroup">That runner's group.</param>
    /// <param name="isEnterpriseServer">An Enterprise Server has no runners of its own.</param>
    public bool IsGitHubs(IReadOnlyList<string> labels, string runnerName, string runnerGroup, bool isEnterpriseServer)
    {
        if (runnerGroup == GitHubsGroup || runnerName.StartsWith(GitHubsGroup + " ", StringComparison.Ordinal))
        {
            return true;
        }

        var isOurs = isEnterpriseServer
            || labels.Any(label => label.Equals(SelfHosted, StringComparison.OrdinalIgnoreCase) || MappedType(label) is not null)
            || (runnerName.Length > 0 && fleet.HasAgentFor(runnerName));
        return !isOurs && (runnerName.Length == 0 && labels.Count == 0
            || labels.Any(label => GitHubsImages.Any(image => label.StartsWith(image, StringComparison.OrdinalIgnoreCase))));
    }

    /// <summary>Whether a runner's name is one of those that are configured to take one job and be gone.</summary>
    public bool IsEphemeral(string runnerName) =>
        options.EphemeralRunnerNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, runnerName, ignoreCase: true));

    private string? MappedType(string label) => options.RunnerTypeLabels.GetValueOrDefault(label.ToLowerInvariant());
}
