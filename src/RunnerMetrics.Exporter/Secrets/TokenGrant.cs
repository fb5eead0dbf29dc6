using System.IO.Enumeration;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Exporter.Intake;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>
/// What a token allows: the words after it in its file. A token without words allows everything.
/// <code>3f1c…9a runners=build-*,chrome-? scope=github.com/acme* events=runners</code>
/// </summary>
internal sealed record TokenGrant
{
    private const string Right = "give runners=GLOB[,GLOB…], scope=GLOB[,GLOB…] or events=runners|deployments|all";

    private TokenGrant(IReadOnlyList<string> runners, IReadOnlyList<string> scopes, bool allowsRunners, bool allowsDeployments, string text)
    {
        (Runners, Scopes, AllowsRunners, AllowsDeployments, Text) = (runners, scopes, allowsRunners, allowsDeployments, text);
    }

    /// <summary>Its words, in order; empty for a bare token. Tokens with the same words take turns: one can replace the other.</summary>
    public string Text { get; }

    /// <summary>Patterns of names; all names if it is empty.</summary>
    private IReadOnlyList<string> Runners { get; }

    /// <summary>Patterns of <c>host/owner</c> or <c>host/owner/repository</c>; all if it is empty.</summary>
    private IReadOnlyList<string> Scopes { get; }

    private bool AllowsRunners { get; }

    private bool AllowsDeployments { get; }

    /// <summary>Reads the words behind a token.</summary>
    /// <param name="words">The words.</param>
    /// <param name="problem">What is wrong with them, and what would be right.</param>
    public static TokenGrant? Parse(IReadOnlyList<string> words, out string? problem)
    {
        (IReadOnlyList<string> Runners, IReadOnlyList<string> Scopes, string Events) read = ([], [], "all");
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            var (name, value) = word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at ? (word[..at], word[(at + 1)..]) : (word, "");
            var patterns = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
            problem = !names.Add(name) ? $"says {name} twice: {Right}"
                : name is not ("runners" or "scope" or "events") ? $"has '{name}' after the token: {Right}"
                : patterns.Length == 0 ? $"has no value for {name}: {Right}"
                : name == "events" && value is not ("runners" or "deployments" or "all") ? $"has events={value}: {Right}"
                : null;
            if (problem is not null)
            {
                return null;
            }

            read = name switch
            {
                "runners" => read with { Runners = patterns },
                "scope" => read with { Scopes = [.. patterns.Select(pattern => pattern.TrimEnd('/'))] },
                _ => read with { Events = value },
            };
        }

        problem = null;
        return new TokenGrant(read.Runners, read.Scopes, read.Events != "deployments", read.Events != "runners", string.Join(' ', words.Order(StringComparer.Ordinal)));
    }

    /// <summary>Why a token does not allow an event; null if it does.</summary>
    public string? Refuse(EventReading reading) => reading switch
    {
        { Heartbeat: { } heartbeat } => RefuseRunner(heartbeat.Runner.Name, heartbeat.Runner.Scope),
        { Event: JobStarted started } => RefuseRunner(started.Runner.Name, started.Runner.Scope),
        { Event: JobCompleted completed } => RefuseRunner(completed.Runner.Name, completed.Runner.Scope),
        { Event: RunnerStopped stopped } => RefuseRunner(stopped.Runner.Name, stopped.Runner.Scope),
        { Event: CacheReported cache } => RefuseRunner(cache.Runner.Name, cache.Runner.Scope),
        { Event: DeploymentChanged { Deployment: var deployment } } => RefuseDeployment(deployment.ServerUrl, deployment.Repository),
        { Event: IncidentChanged { Incident: var incident } } => RefuseDeployment(incident.ServerUrl, incident.Repository),
        _ => null,
    };

    /// <summary>Why a token does not allow a runner; null if it does.</summary>
    public string? RefuseRunner(string name, string scope) =>
        !AllowsRunners ? "the token allows only deployments: give the agent one with events=runners, or without events="
        : Runners.Count > 0 && !Matches(Runners, name) ? $"the token allows runners={string.Join(',', Runners)}, and not for '{name}': fix the pattern in the exporter's token file"
        : Scopes.Count > 0 && !Matches(Scopes, scope) ? $"the token allows scope={string.Join(',', Scopes)}, and not for '{scope}': fix the pattern in the exporter's token file"
        : null;

    private string? RefuseDeployment(string serverUrl, RepositoryName repository)
    {
        if (!AllowsDeployments)
        {
            return "the token allows only runners: give the pipeline one with events=deployments, or without events=";
        }

        var host = Domain.Jobs.GitHubServer.HostOf(serverUrl);
        var owner = $"{host}/{repository.Owner}";
        return Scopes.Count == 0 || Matches(Scopes, owner) || Matches(Scopes, $"{host}/{repository}") ? null
            : $"the token allows scope={string.Join(',', Scopes)}, and not for '{owner}': fix the pattern in the exporter's token file";
    }

    private static bool Matches(IReadOnlyList<string> patterns, string text) =>
        patterns.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: true));
}
