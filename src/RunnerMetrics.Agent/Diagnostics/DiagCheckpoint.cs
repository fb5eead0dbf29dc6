namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>Where reading the logs continues, so that open jobs give the same events.</summary>
/// <param name="Logs">Those of the listener processes that may still write.</param>
/// <param name="Done">The hashes of the names of listener files that are read (<see cref="NameHash"/>), in order: files not among them are new, whatever their names are.</param>
/// <param name="Machine">Where that was noted.</param>
internal sealed record DiagCheckpoint(IReadOnlyList<ListenerPlace> Logs, IReadOnlyList<ulong> Done, Machine Machine)
{
    /// <summary>Of a name; FNV-1a, which is not collision-resistant: whoever can write here can hide only their own files.</summary>
    public static ulong NameHash(string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var character in name)
        {
            hash = (hash ^ character) * 1099511628211UL;
        }

        return hash;
    }
}
