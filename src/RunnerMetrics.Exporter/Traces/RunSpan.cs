using System.Diagnostics;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>A span of a run's trace, all of which follows from the event that it is made of.</summary>
/// <param name="TraceId">32 hexadecimal digits.</param>
/// <param name="Id">16 hexadecimal digits.</param>
/// <param name="ParentId">The span that it is within; empty for the root.</param>
/// <param name="Name">Its name.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it ended; <paramref name="From"/> if that would be earlier: GitHub's times may be in reverse order.</param>
internal sealed record RunSpan(string TraceId, string Id, string ParentId, string Name, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>Its attributes. What is not known is absent.</summary>
    public IReadOnlyList<KeyValuePair<string, object?>> Attributes { get; init; } = [];

    /// <summary>Why its status is Error; null if it is not.</summary>
    public string? Error { get; init; }

    /// <summary>The trace of the attempt before, which it links to.</summary>
    public ActivityLink? Previous { get; init; }
}
