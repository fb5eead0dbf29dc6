using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>A runner's identity from its own settings. What they do not have, or what is masked, is empty or 0.</summary>
/// <param name="Name">The name that it was registered with (<c>AgentName</c>).</param>
/// <param name="Scope">Where it is registered (<c>GitHubUrl</c>), e.g. <c>github.com/acme/shop</c>.</param>
/// <param name="Id">GitHub's id of it (<c>AgentId</c>, webhooks' <c>runner_id</c>).</param>
/// <param name="Ephemeral">Whether it takes one job and exits.</param>
internal sealed record RunnerSettings(string Name = "", string Scope = "", long Id = 0, bool Ephemeral = false)
{
    public static readonly RunnerSettings Unknown = new();

    /// <summary>Whether the name may be reported: it may be one that the metrics reserve.</summary>
    public static bool IsName(string? name) => name is not null && RunnerIdentity.NameProblem(name) is null && !name.Any(char.IsControl);

    /// <summary>The scope of a registration's address; empty if it has none.</summary>
    public static string ScopeOf(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            && url.Authority + url.AbsolutePath.TrimEnd('/') is { Length: <= RunnerIdentity.MaxDetailLength } scope
            ? scope
            : "";

    /// <summary>The settings in a life's log, completed by these; if the names differ, these belong to another runner.</summary>
    public RunnerSettings Under(ListenerLife? life) =>
        life is null ? this
        : life.Name.Length > 0 && Name.Length > 0 && life.Name != Name ? new RunnerSettings(life.Name, life.Scope, life.RunnerId, life.Ephemeral)
        : new RunnerSettings(
            life.Name.Length > 0 ? life.Name : Name, life.Scope.Length > 0 ? life.Scope : Scope, life.RunnerId > 0 ? life.RunnerId : Id,
            life.Ephemeral || (life.Name.Length == 0 && Ephemeral));
}
