namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>A repository.</summary>
internal sealed class FakeRepository(long id, string fullName, DateTimeOffset createdAt)
{
    public long Id { get; } = id;

    public string FullName { get; } = fullName;

    public string Owner => FullName[..FullName.IndexOf('/', StringComparison.Ordinal)];

    public string Name => FullName[(Owner.Length + 1)..];

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset PushedAt { get; set; } = createdAt;

    public Dictionary<long, FakeRun> Runs { get; } = [];
}
