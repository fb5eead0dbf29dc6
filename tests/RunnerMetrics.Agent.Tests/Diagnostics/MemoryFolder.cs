using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>A _diag folder in memory, which a test writes to while it is read; and who holds its files.</summary>
internal sealed class MemoryFolder : ILogFolder
{
    public static readonly Machine Machine = new("boot", "container");

    private readonly SortedDictionary<string, MemoryStream> _files = new(StringComparer.Ordinal);
    private string[] _listeners = [];
    private string[] _workers = [];

    public string Path => "/_diag";

    public int Version { get; private set; }

    /// <summary>The names of files that a process holds open; null if that cannot be seen.</summary>
    public HashSet<string>? Held { get; init; } = new(StringComparer.Ordinal);

    public bool ShowsListener { get; set; }

    public bool HasListener() => ShowsListener;

    public ReadOnlySpan<string> Names(LogKind kind) => kind == LogKind.Listener ? _listeners : _workers;

    public void Append(string name, ReadOnlySpan<byte> content)
    {
        if (!_files.TryGetValue(name, out var file))
        {
            _files.Add(name, file = new MemoryStream());
            _listeners = [.. _files.Keys.Where(key => !key.StartsWith("Worker", StringComparison.Ordinal))];
            _workers = [.. _files.Keys.Where(key => key.StartsWith("Worker", StringComparison.Ordinal))];
            Version++;
        }

        file.Write(content);
    }

    public MemoryFolder With(MemoryLog log)
    {
        log.Pages.ForEach(page => Append(page.Name, page.Content));
        return this;
    }

    public ILogFile? Open(string name, long offset) => _files.TryGetValue(name, out var content) ? new File(this, name, content, offset) : null;

    /// <summary>Follows it.</summary>
    public DiagTail Follow(DiagCheckpoint? from = null, TimeProvider? time = null, Machine? machine = null) =>
        new(this, RunnerSettings.Unknown with { Name = Scenario.RunnerName }, from, machine ?? Machine, time ?? new ManualTimeProvider(), new MemoryLogger());

    /// <summary>What the logs tell in the end.</summary>
    public List<DiagEvent> ReadOnce(DiagCheckpoint? from = null)
    {
        using var tail = Follow(from);
        var events = new List<DiagEvent>();
        tail.Read(events, int.MaxValue, final: true);
        return events;
    }

    private sealed class File(MemoryFolder folder, string name, MemoryStream content, long offset) : ILogFile
    {
        private int _lineLength;

        public ReadOnlySpan<byte> Line => content.GetBuffer().AsSpan((int)Start, _lineLength);

        public long Start { get; private set; }

        public long Next { get; private set; } = offset;

        public bool IsStale => false;

        private ReadOnlySpan<byte> Rest => content.GetBuffer().AsSpan((int)Next, (int)(content.Length - Next));

        public bool Read(long within = long.MaxValue)
        {
            var length = Rest.IndexOf((byte)'\n');
            return length >= 0 && Take(length, length + 1);
        }

        public bool ReadRest() => Rest.Length > 0 && Take(Rest.Length, Rest.Length);

        public bool? IsHeld() => folder.Held?.Contains(name);

        public void Dispose()
        {
        }

        private bool Take(int length, int consumed)
        {
            Start = Next;
            _lineLength = length;
            Next += consumed;
            return true;
        }
    }
}
