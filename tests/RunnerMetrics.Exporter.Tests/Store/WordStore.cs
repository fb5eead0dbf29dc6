using System.Text;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Wire.V1;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A store whose commits are words, and whose state is the list of them.</summary>
internal sealed class WordStore : IDisposable
{
    private readonly DiskFolder _folder;

    private WordStore(string folder, StoreOptions? options, TimeProvider? time)
    {
        _folder = DiskFolder.Open(folder, "exporter", "--data");
        try
        {
            Store = SqliteStore.Open(
                _folder,
                options ?? new StoreOptions(),
                time ?? TimeProvider.System,
                stream => Words.AddRange(new StreamReader(stream).ReadToEnd().Split(' ', StringSplitOptions.RemoveEmptyEntries)),
                commit => Words.AddRange(commit.Entries.Select(entry => entry.SenderId)),
                out var recovery);
            Recovery = recovery;
        }
        catch
        {
            _folder.Dispose();
            throw;
        }
    }

    public SqliteStore Store { get; }

    public StoreRecovery Recovery { get; }

    public List<string> Words { get; } = [];

    public static WordStore Open(string folder, StoreOptions? options = null, TimeProvider? time = null) => new(folder, options, time);

    public static List<string> Read(string folder)
    {
        using var words = Open(folder);
        return words.Words;
    }

    public void Append(params IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            Store.Append(new Commit { Entries = { new Entry { SenderId = word } } }, []);
            Words.Add(word);
        }
    }

    public void Append(params FleetEvent[] happened) => Store.Append(
        new Commit { Entries = { happened.Select(one => new Entry { RunnerSilent = new Verdict { EventId = one.EventId, OccurredAt = one.OccurredAt.ToTimestamp() } }) } }, happened);

    public void Snapshot() => Store.Snapshot(stream => stream.Write(Encoding.UTF8.GetBytes(string.Join(' ', Words))));

    public void Work()
    {
        while (Store.HasWork)
        {
            Store.Step();
        }
    }

    /// <summary>The files as they would be found now, had the process been killed.</summary>
    public static void Copy(string folder, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) is "store.db" or "store.db-wal"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
        }
    }

    public void Dispose()
    {
        Store.Dispose();
        _folder.Dispose();
    }
}
