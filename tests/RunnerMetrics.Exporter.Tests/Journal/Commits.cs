using RunnerMetrics.Core.Storage;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Journal.V1;

namespace RunnerMetrics.Exporter.Tests.Journal;

/// <summary>A journal whose commits are words, and whose state is the list of them.</summary>
internal sealed class Commits : IDisposable
{
    private Commits(IStorageFolder storage, JournalOptions? options)
    {
        Journal = EventJournal.Open(
            storage,
            options ?? new JournalOptions(),
            reader => Words.AddRange(reader.ReadString().Split(' ', StringSplitOptions.RemoveEmptyEntries)),
            commit => Words.AddRange(commit.Entries.Select(entry => entry.SenderId)),
            out var recovery);
        Recovery = recovery;
    }

    public EventJournal Journal { get; }

    public JournalRecovery Recovery { get; }

    public List<string> Words { get; } = [];

    public static Commits Open(IStorageFolder storage, bool repair = false) => new(storage, new JournalOptions { Repair = repair });

    public static List<string> Read(IStorageFolder storage, bool repair = false)
    {
        using var commits = Open(storage, repair);
        return commits.Words;
    }

    public void Append(params IEnumerable<string> words)
    {
        foreach (var word in words)
        {
            Journal.Append(new Commit { Entries = { new Entry { SenderId = word } } });
            Words.Add(word);
        }
    }

    public void Snapshot() => Journal.Snapshot(writer => writer.Write(string.Join(' ', Words)));

    public void Dispose() => Journal.Dispose();
}
