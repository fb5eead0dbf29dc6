namespace RunnerMetrics.Architecture.Tests;

/// <summary>One uses the other.</summary>
internal sealed record Arrow(string User, string Used)
{
    public override string ToString() => $"{User} -> {Used}";
}
