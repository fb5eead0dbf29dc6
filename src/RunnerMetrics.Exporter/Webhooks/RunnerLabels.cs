using System.IO.Enumeration;
using System.Text.RegularExpressions;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What the labels of a job say of the runner that it asks for.</summary>
internal sealed partial class RunnerLabels(ExporterOptions options, FleetState fleet)
{
    private const int LongestLabels = 200;
    private const string SelfHosted = "self-hosted";
    private static readonly string[] GitHubsGroups = ["GitHub Actions", "Default Larger Runners"];
    private static readonly string[] RunnerImages = ["standard", "chrome", "chrome-go"];

    /// <summary>The type that a label names, by the configured mapping, else by its own word; else <c>standard</c>.</summary>
    public string TypeOf(IReadOnlyList<string> labels) =>
        labels.Select(MappedType).FirstOrDefault(type => type is not null)
        ?? labels.Select(label => label.ToLowerInvariant()).FirstOrDefault(IsType)
        ?? RunnerImages[0];

    /// <summary>
    /// Whose runner a job is for, or ran on. docs/github-webhooks.md has the rule as a table, which a test goes through: the first row that fits decides here
    /// too.
    /// </summary>
    /// <param name="labels">What the job asks for.</param>
    /// <param name="runnerGroup">The group of the runner that took it; empty if none did.</param>
    /// <param name="runnerName">That runner's name.</param>
    /// <param name="isEnterpriseServer">An Enterprise Server has no runners of its own.</param>
    /// <param name="hasAgent">Whether an agent speaks for that runner.</param>
    public RunnerOwner OwnerOf(IReadOnlyList<string> labels, string runnerGroup, string runnerName, bool isEnterpriseServer, bool hasAgent) =>
        isEnterpriseServer || hasAgent ? RunnerOwner.Ours
        : GitHubsGroups.Contains(runnerGroup) || runnerName.StartsWith(GitHubsGroups[0] + " ", StringComparison.Ordinal) ? RunnerOwner.GitHubs
        : labels.Any(IsOurs) ? RunnerOwner.Ours
        : AsksForGitHubs(labels) ? RunnerOwner.GitHubs
        : RunnerOwner.Unsure;

    /// <summary>Whether the labels alone say that a job is for one of GitHub's own.</summary>
    public bool AsksForGitHubs(IReadOnlyList<string> labels) => !labels.Any(IsOurs) && labels.Any(label => GitHubsImage().IsMatch(label));

    /// <summary>The labels of a waiting job as they are kept; none where they are more, or longer, than anybody gives them.</summary>
    public static IReadOnlyList<string> Kept(IReadOnlyList<string> labels) =>
        labels.Sum(label => label.Length + 1) <= LongestLabels && labels.All(label => label.Length > 0 && !label.AsSpan().ContainsAnyInRange('\u0000', '\u001f')) ? labels : [];

    /// <summary>Whether a runner's name is one of those that are configured as ephemeral.</summary>
    public bool IsEphemeral(string runnerName) =>
        options.EphemeralRunnerNames.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, runnerName, ignoreCase: true));

    private bool IsOurs(string label) =>
        label.Equals(SelfHosted, StringComparison.OrdinalIgnoreCase) || MappedType(label) is not null || IsType(label.ToLowerInvariant());

    private bool IsType(string label) => RunnerImages.Contains(label) || fleet.KnowsType(label);

    private string? MappedType(string label) => options.RunnerTypeLabels.GetValueOrDefault(label.ToLowerInvariant());

    // ubuntu-latest, ubuntu-24.04-arm, windows-latest-8-cores, windows-2025, macos-15-xlarge, ubuntu-slim
    [GeneratedRegex(@"\A(?:ubuntu|windows|macos)-(?:latest|slim|[0-9]+(?:\.[0-9]+)?)(?:-.*)?\z", RegexOptions.IgnoreCase)]
    private static partial Regex GitHubsImage();
}
