namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>From where the logs are read on, so that what is open comes out as it would have.</summary>
/// <param name="Logs">Those of the listener processes that may write on.</param>
/// <param name="Done">The hashes of the names of listener files that are read (<see cref="NameHash"/>), in order: what is not among them is new, whatever its name says.</param>
/// <param name="Machine">Where that was noted.</param>
internal sealed record DiagCheckpoint(IReadOnlyList<ListenerPlace> Logs, IReadOnlyList<ulong> Done, Machine Machine)
{
    /// <summary>Of a name; FNV-1a, which is not made against forgers: one who can write here can hide only a file of his own.</summary>
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
