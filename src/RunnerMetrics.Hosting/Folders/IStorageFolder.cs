namespace RunnerMetrics.Hosting.Folders;

/// <summary>
/// Files that must outlast a crash, in one flat folder. The seam where a test simulates power failures, full disks and failed writes.
/// A change of the folder itself (a new file, a rename, a removal) is durable only after <see cref="SyncFolder"/>.
/// </summary>
public interface IStorageFolder
{
    /// <summary>The folder, for messages.</summary>
    string Folder { get; }

    /// <summary>The names of all files.</summary>
    IReadOnlyList<string> List();

    /// <summary>Opens a file that exists for reading.</summary>
    Stream OpenRead(string name);

    /// <summary>Makes a file, or empties one that is there, for writing from its beginning.</summary>
    IStorageFile Create(string name);

    /// <summary>Opens a file that exists for writing behind its end.</summary>
    IStorageFile Append(string name);

    /// <summary>Gives a file another name; what had that name is gone.</summary>
    void Rename(string name, string newName);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes what was created, renamed and removed durable.</summary>
    void SyncFolder();
}
