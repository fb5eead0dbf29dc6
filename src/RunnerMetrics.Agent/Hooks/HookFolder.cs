using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Files;

namespace RunnerMetrics.Agent.Hooks;

/// <summary>
/// The folder through which hooks and steps of a job tell the agent something: small files, each written aside and renamed, which the agent removes
/// when it has used them. Whoever runs the job may write there, so nothing in it is believed that cannot be so.
/// </summary>
internal sealed class HookFolder(string path, TimeProvider time, ILogger logger)
{
    /// <summary>As many files as are looked at; hooks write no more either.</summary>
    public const int MostFiles = 1000;

    private const string BeingWritten = ".new";
    private const int ListAnyway = 20;
    private static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan AnswerReadAfter = TimeSpan.FromMinutes(1);

    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private DateTime _listedState;
    private int _sinceListed = ListAnyway;
    private bool _complained;

    public string Path { get; } = path;

    /// <summary>The names of files with an extension, if the folder may have changed since the last call; else null.</summary>
    public IReadOnlyList<string>? ListIfChanged(params ReadOnlySpan<string> endings)
    {
        try
        {
            if (!Directory.Exists(Path))
            {
                return null;
            }

            var state = Directory.GetLastWriteTimeUtc(Path);
            if (state == _listedState && ++_sinceListed < ListAnyway)
            {
                return null;
            }

            _listedState = state;
            _sinceListed = 0;
            RemoveGivenUp();
            var names = new List<string>();
            foreach (var ending in endings)
            {
                names.AddRange(Directory.EnumerateFiles(Path, "*" + ending).Select(file => System.IO.Path.GetFileName(file)).Where(name => !_refused.Contains(name)).Take(MostFiles));
            }

            return names;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
            return null;
        }
    }

    /// <summary>A file's content and time; null if it is missing or cannot be read.</summary>
    public (byte[] Content, DateTimeOffset WrittenAt)? Read(string name)
    {
        try
        {
            var file = System.IO.Path.Combine(Path, name);
            return UntrustedFile.Read(file, HookText.LongestFile) is { } content ? (content, new DateTimeOffset(File.GetLastWriteTimeUtc(file))) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
            return null;
        }
    }

    /// <summary>Gives a file another name; false if that cannot be done.</summary>
    public bool TryRename(string name, string to)
    {
        try
        {
            File.Move(System.IO.Path.Combine(Path, name), System.IO.Path.Combine(Path, to));
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
            return false;
        }
    }

    /// <summary>Makes an empty file. Nothing that is there already is touched, and no link followed.</summary>
    public void Create(string name)
    {
        try
        {
            new FileStream(System.IO.Path.Combine(Path, name), FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
        }
    }

    /// <summary>Writes a small file, whole or not at all.</summary>
    public void Write(string name, string text)
    {
        if (!Directory.Exists(Path))
        {
            return;
        }

        var aside = System.IO.Path.Combine(Path, $".{name}{BeingWritten}");
        try
        {
            using (var file = new StreamWriter(new FileStream(aside, FileMode.CreateNew, FileAccess.Write)))
            {
                file.Write(text);
            }

            File.Move(aside, System.IO.Path.Combine(Path, name), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
            Remove(System.IO.Path.GetFileName(aside));
        }
    }

    /// <summary>Removes a file; a folder or a file that cannot be removed stays.</summary>
    public void Remove(string name)
    {
        try
        {
            File.Delete(System.IO.Path.Combine(Path, name));
        }
        catch (DirectoryNotFoundException)
        {
            // No job has used the folder yet.
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogProblem(failure);
        }
    }

    /// <summary>Removes an invalid file, and logs it once, even if it cannot be removed.</summary>
    public void Refuse(string name)
    {
        if (_refused.Count >= MostFiles)
        {
            _refused.Clear();
        }

        if (_refused.Add(name))
        {
            HookLog.NotAReport(logger, name);
        }

        Remove(name);
    }

    // What a writer began and never finished, because the job was killed or the disk was full; and answers that were read.
    private void RemoveGivenUp()
    {
        RemoveOlderThan(GivenUpAfter, ".*" + BeingWritten);
        RemoveOlderThan(GivenUpAfter, "*" + JobSpans.Ending);
        RemoveOlderThan(AnswerReadAfter, "*" + HookAnswers.Ending);
    }

    private void RemoveOlderThan(TimeSpan age, string pattern)
    {
        var before = (time.GetUtcNow() - age).UtcDateTime;
        foreach (var file in Directory.EnumerateFiles(Path, pattern).Take(MostFiles).Where(file => File.GetLastWriteTimeUtc(file) < before).ToList())
        {
            Remove(System.IO.Path.GetFileName(file));
        }
    }

    private void LogProblem(Exception failure)
    {
        if (!_complained)
        {
            _complained = true;
            HookLog.FolderTrouble(logger, Path, failure.Message);
        }
    }
}
