namespace RunnerMetrics.Demo.Summary;

/// <summary>One line of an exposition.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>A label's value, or nothing.</summary>
    public string? Label(string name) => Labels.GetValueOrDefault(name);
}
