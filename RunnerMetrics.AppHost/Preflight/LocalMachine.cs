using RunnerMetrics.AppHost.Stack;

namespace RunnerMetrics.AppHost.Preflight;

/// <summary>What a stack can be made of on this machine.</summary>
internal sealed record LocalMachine
{
    /// <summary>A machine that has everything, in containers.</summary>
    public static readonly LocalMachine WithEverything = new() { Kind = StackKind.Containers };

    /// <summary>How the stack runs.</summary>
    public required StackKind Kind { get; init; }

    /// <summary>Parts that are left out: there is no image, or no program, for them.</summary>
    public IReadOnlyCollection<string> Missing { get; init; } = [];

    /// <summary>The programs of the parts that run as processes.</summary>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a part of the monitoring can be had.</summary>
    public bool Has(string part) => !Missing.Contains(part) && (Kind == StackKind.Containers || Programs.ContainsKey(part));
}
