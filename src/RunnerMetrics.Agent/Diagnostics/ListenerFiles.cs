namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// The listener files of a folder: which of them are new, which are still empty, and which are read completely. New is what was not there before,
/// whatever its name says: clocks go back.
/// </summary>
internal sealed class ListenerFiles(ILogFolder folder, IEnumerable<ulong> doneBefore)
{
    /// <summary>How many files whose kind is not known yet are checked again in one round.</summary>
    private const int MostUndecided = 16;

    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _new = new(StringComparer.Ordinal);
    private readonly List<string> _undecided = [];
    private readonly HashSet<ulong> _doneBefore = [.. doneBefore];
    private ulong[]? _doneHashes;
    private int _pagesDone;
    private int _version = -1;

    /// <summary>Whether a file exists, as far as was noted.</summary>
    public bool Has(string name) => _known.Contains(name);

    /// <summary>One that is still being read.</summary>
    public void Resume(string name) => _known.Add(name);

    /// <summary>Notes new files in the folder. Missing names are forgotten; returns whether there are any.</summary>
    public bool Note()
    {
        if (_version == folder.Version)
        {
            return false;
        }

        _version = folder.Version;
        var names = folder.Names(LogKind.Listener);
        foreach (var name in names)
        {
            if (_known.Add(name))
            {
                _doneHashes = _doneBefore.Contains(DiagCheckpoint.NameHash(name)) ? null : _doneHashes;
                (_doneBefore.Contains(DiagCheckpoint.NameHash(name)) ? (ISet<string>)_done : _new).Add(name);
            }
        }

        if (_known.Count == names.Length)
        {
            return false;
        }

        _doneHashes = null;
        var there = names.ToArray().ToHashSet(StringComparer.Ordinal);
        _known.IntersectWith(there);
        _done.IntersectWith(there);
        _new.IntersectWith(there);
        return true;
    }

    /// <summary>Those that are not read yet, in the order of their names.</summary>
    public string[] New()
    {
        for (var i = Math.Min(_undecided.Count, MostUndecided); i > 0; i--)
        {
            if (_known.Contains(_undecided[0]))
            {
                _new.Add(_undecided[0]);
            }

            _undecided.RemoveAt(0);
        }

        return [.. _new];
    }

    /// <summary>It is read from now on.</summary>
    public void Take(string name) => _new.Remove(name);

    /// <summary>Its kind is not known yet.</summary>
    public void Postpone(string name)
    {
        _new.Remove(name);
        _undecided.Add(name);
    }

    /// <summary>Takes a matching empty file, if there is one. A new process writes at once, so it is a page of a process that runs, or ran.</summary>
    public string? TakeEmpty(Func<string, bool> isMeant)
    {
        var index = _undecided.FindIndex(name => isMeant(name) && IsEmpty(name));
        if (index < 0)
        {
            return null;
        }

        var name = _undecided[index];
        _undecided.RemoveAt(index);
        return name;
    }

    /// <summary>Whether a process begins with it; null while that is not known.</summary>
    public bool? Begins(string name)
    {
        using var file = folder.Open(name, 0);
        return file is null ? null : LogHead.Of(file, LogKind.Listener).Begins;
    }

    /// <summary>A page's first lines about a job.</summary>
    public PageJob JobOf(string page)
    {
        using var file = folder.Open(page, 0);
        return file is null ? default : PageJob.Of(file);
    }

    /// <summary>They are read completely.</summary>
    public void NoteDone(IEnumerable<string> names)
    {
        _done.UnionWith(names);
        _doneHashes = null;
    }

    /// <summary>The hashes of the names that are read completely, in order.</summary>
    /// <param name="pagesDone">Those of logs that are still read.</param>
    public ulong[] HashDone(IReadOnlyCollection<string> pagesDone)
    {
        if (_doneHashes is null || pagesDone.Count != _pagesDone)
        {
            _pagesDone = pagesDone.Count;
            _doneHashes = [.. _done.Concat(pagesDone).Select(DiagCheckpoint.NameHash).Order()];
        }

        return _doneHashes;
    }

    private bool IsEmpty(string name)
    {
        using var file = folder.Open(name, 0);
        return file is not null && !file.Read() && !file.ReadRest();
    }
}
