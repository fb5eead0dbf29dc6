using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Tests.Spool;

/// <summary>
/// A disk that keeps what was made durable apart from what was only written, in files and in the folder itself. After
/// <see cref="AfterCut(Random)"/> of what was not durable any part may be there: nothing, all, a beginning, or zeros in its place.
/// </summary>
internal sealed class PowerCutFolder : IStorageFolder
{
    private readonly Dictionary<string, Inode> _entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Inode> _durable = new(StringComparer.Ordinal);
    private readonly List<Action<Dictionary<string, Inode>>> _pending = [];
    private bool _isOff;

    public string Folder => "/disk";

    /// <summary>How many operations changed something, or made something durable, so far.</summary>
    public int Operations { get; private set; }

    /// <summary>The operation during which the machine, or the process, ends: a write may have reached the file, a sync has not returned.</summary>
    public int? StopAt { get; set; }

    /// <summary>Whether the machine, or the process, has ended: whatever a program does after that did not happen.</summary>
    public bool IsOff => _isOff;

    /// <summary>Ends the process now: nothing more is done, but what was written stays.</summary>
    public void Stop() => _isOff = true;

    /// <summary>The folder for the next process on a machine that kept its power.</summary>
    public PowerCutFolder AfterKill()
    {
        (_isOff, StopAt) = (false, null);
        return this;
    }

    /// <summary>The folder on the machine that has its power back.</summary>
    public PowerCutFolder AfterCut(Random random)
    {
        var entries = new Dictionary<string, Inode>(_durable, StringComparer.Ordinal);
        foreach (var change in _pending)
        {
            if (random.Next(2) == 0)
            {
                change(entries);
            }
        }

        var disk = new PowerCutFolder();
        var survivors = entries.Values.Distinct().ToDictionary(inode => inode, inode => new Inode(inode.Survive(random)));
        foreach (var (name, inode) in entries)
        {
            disk._entries[name] = disk._durable[name] = survivors[inode];
        }

        return disk;
    }

    /// <summary>The folder on the machine that has its power back, if nothing is there that was not made durable.</summary>
    public PowerCutFolder AfterCut()
    {
        var disk = new PowerCutFolder();
        foreach (var (name, inode) in _durable)
        {
            disk[name] = inode.Durable;
        }

        return disk;
    }

    /// <summary>A file's content as a process sees it.</summary>
    public byte[] this[string name]
    {
        get => _entries[name].Written;
        set => _entries[name] = _durable[name] = new Inode(value);
    }

    /// <summary>A copy of everything that a process sees, all of it durable.</summary>
    public PowerCutFolder Copy()
    {
        var copy = new PowerCutFolder();
        foreach (var (name, inode) in _entries)
        {
            copy[name] = [.. inode.Written];
        }

        return copy;
    }

    public IReadOnlyList<string> List() => [.. _entries.Keys];

    public Stream OpenRead(string name) => new MemoryStream(Find(name).Written, writable: false);

    public IStorageFile Create(string name)
    {
        Do(() =>
        {
            if (_entries.TryGetValue(name, out var there))
            {
                there.Written = [];
                return;
            }

            var inode = _entries[name] = new Inode([]);
            _pending.Add(entries => entries[name] = inode);
        });
        return new OpenFile(this, _entries[name]);
    }

    public IStorageFile Append(string name) => new OpenFile(this, Find(name));

    public void Rename(string name, string newName) => Do(() =>
    {
        var inode = Find(name);
        _entries.Remove(name);
        _entries[newName] = inode;
        _pending.Add(entries =>
        {
            entries.Remove(name);
            entries[newName] = inode;
        });
    });

    public void Delete(string name) => Do(() =>
    {
        _entries.Remove(name);
        _pending.Add(entries => entries.Remove(name));
    });

    public void SyncFolder() => Do(
        () =>
        {
            _durable.Clear();
            foreach (var (name, inode) in _entries)
            {
                _durable[name] = inode;
            }

            _pending.Clear();
        },
        isSync: true);

    private Inode Find(string name) =>
        _entries.TryGetValue(name, out var inode) ? inode : throw new FileNotFoundException($"There is no {Folder}/{name}.");

    private void Do(Action change, bool isSync = false)
    {
        if (_isOff)
        {
            throw new PowerCutException();
        }

        Operations++;
        _isOff = Operations == StopAt;
        if (!_isOff || !isSync)
        {
            change();
        }

        if (_isOff)
        {
            throw new PowerCutException();
        }
    }

    private sealed class Inode(byte[] content)
    {
        public byte[] Written { get; set; } = content;

        public byte[] Durable { get; set; } = content;

        public byte[] Survive(Random random)
        {
            var common = Written.AsSpan().CommonPrefixLength(Durable);
            var kept = random.Next(common, Written.Length + 1);
            return random.Next(5) switch
            {
                0 => Durable,
                1 => Written,
                2 => Written[..kept],
                3 => [.. Written[..common], .. new byte[Written.Length - common]],
                _ => [.. Written[..kept], .. new byte[Written.Length - kept]],
            };
        }
    }

    private sealed class OpenFile(PowerCutFolder folder, Inode inode) : IStorageFile
    {
        public long Length => inode.Written.Length;

        public void Write(ReadOnlySpan<byte> bytes)
        {
            byte[] longer = [.. inode.Written, .. bytes];
            folder.Do(() => inode.Written = longer);
        }

        public void Sync() => folder.Do(() => inode.Durable = inode.Written, isSync: true);

        public void Truncate(long length) => folder.Do(() => inode.Written = inode.Written[..(int)length]);

        public void Dispose()
        {
        }
    }
}
