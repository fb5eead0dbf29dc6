using System.Diagnostics.CodeAnalysis;

namespace RunnerMetrics.Domain.Runners;

/// <summary>Which runner, and which life of it, something happened on. A value that exists is valid.</summary>
public sealed record RunnerIdentity
{
    /// <summary>The name under which all runners that take one job and exit are counted together.</summary>
    public const string EphemeralName = "ephemeral";

    /// <summary>The name under which everything is counted that would pass the limit of series.</summary>
    public const string OtherName = "other";

    /// <summary>The maximum number of characters of a runner's name.</summary>
    public const int MaxNameLength = 128;

    /// <summary>The maximum number of characters of a version, an instance id or a scope.</summary>
    public const int MaxDetailLength = 256;

    private RunnerIdentity(string name, string type, string version, bool ephemeral, string instanceId, string scope)
    {
        Name = name;
        Type = type;
        Version = version;
        Ephemeral = ephemeral;
        InstanceId = instanceId;
        Scope = scope.TrimEnd('/').ToLowerInvariant();
    }

    /// <summary>The runner's name, 1 to 128 characters.</summary>
    public string Name { get; }

    /// <summary>The runner's type: <c>standard</c>, <c>chrome</c>, <c>chrome-go</c>, or the fleet's own word.</summary>
    public string Type { get; }

    /// <summary>The Actions runner's version; empty if it is not known.</summary>
    public string Version { get; }

    /// <summary>Whether it takes one job and exits.</summary>
    public bool Ephemeral { get; private init; }

    /// <summary>One life of the runner's listener; empty if it is not known.</summary>
    public string InstanceId { get; private init; }

    /// <summary>Where it is registered, such as <c>github.com/acme</c>, in lower case, as GitHub tells no cases apart; empty if it is not known.</summary>
    public string Scope { get; private init; }

    /// <summary>GitHub's id of it; 0 if it is not known.</summary>
    public long Id { get; init; }

    /// <summary>Checks a runner's description.</summary>
    /// <param name="name">1 to 128 characters, no control characters, not all of them blank; not one of the reserved names.</param>
    /// <param name="type"><c>[a-z0-9][a-z0-9-]{0,31}</c>.</param>
    /// <param name="version">At most 256 characters, no control characters.</param>
    /// <param name="ephemeral">Whether it takes one job and exits.</param>
    /// <param name="instanceId">At most 256 characters.</param>
    /// <param name="scope">At most 256 characters.</param>
    /// <param name="identity">The checked description.</param>
    /// <param name="problem">What is wrong, and what would be right.</param>
    public static bool TryCreate(
        string name,
        string type,
        string version,
        bool ephemeral,
        string instanceId,
        string scope,
        [NotNullWhen(true)] out RunnerIdentity? identity,
        [NotNullWhen(false)] out string? problem)
    {
        problem = ProblemOf(name, type, version, instanceId, scope);
        identity = problem is null ? new RunnerIdentity(name, type, version, ephemeral, instanceId, scope) : null;
        return identity is not null;
    }

    /// <summary>What is wrong with a runner's description, or null; see <see cref="TryCreate"/>.</summary>
    public static string? ProblemOf(string name, string type, string version, string instanceId, string scope) => NameProblem(name) ?? TypeProblem(type)
        ?? DetailProblem("runner.version", version) ?? DetailProblem("runner.instance_id", instanceId) ?? DetailProblem("runner.scope", scope);

    /// <summary>A stored runner, which was validated when it was first reported: nothing is validated again.</summary>
    public static RunnerIdentity Kept(string name, string type, string version, bool ephemeral, string instanceId, string scope) =>
        new(name, type, version, ephemeral, instanceId, scope);

    /// <summary>The same runner, in a given life.</summary>
    internal RunnerIdentity InLife(string instanceId) => instanceId == InstanceId ? this : this with { InstanceId = instanceId };

    /// <summary>The same runner, taking one job.</summary>
    internal RunnerIdentity AsEphemeral() => this with { Ephemeral = true };

    /// <summary>The same runner, registered at a given place.</summary>
    internal RunnerIdentity InScope(string scope) => scope == Scope ? this : this with { Scope = scope };

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? NameProblem(string name) => name switch
    {
        "" => $"runner.name is empty: give 1 to {MaxNameLength} characters",
        _ when string.IsNullOrWhiteSpace(name) => $"runner.name is blank: give 1 to {MaxNameLength} characters that can be seen",
        _ when HasControl(name) => "runner.name has a control character: give characters that can be seen",
        { Length: > MaxNameLength } => $"runner.name has {name.Length} characters: at most {MaxNameLength} are allowed",
        EphemeralName or OtherName => $"runner.name '{name}' is reserved for runners that are counted together: give the runner another name",
        _ => null,
    };

    /// <summary>What is wrong with a type, or null.</summary>
    public static string? TypeProblem(string type)
    {
        const string Right = "use [a-z0-9][a-z0-9-]{0,31}, such as standard, chrome or chrome-go";
        if (type.Length is 0 or > 32)
        {
            return $"runner.type has {type.Length} characters: {Right}";
        }

        var valid = type[0] != '-' && type.AsSpan().IndexOfAnyExcept(TypeCharacters) < 0;
        return valid ? null : $"runner.type '{type}' has a character that is not allowed: {Right}";
    }

    private static readonly System.Buffers.SearchValues<char> TypeCharacters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private static string? DetailProblem(string field, string value) =>
        value.Length > MaxDetailLength ? $"{field} has {value.Length} characters: at most {MaxDetailLength} are allowed"
        : HasControl(value) ? $"{field} has a control character: give characters that can be seen"
        : null;

    private static bool HasControl(string text) => text.Any(char.IsControl);
}
