using System.Text;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>
/// The logs of a folder written again on disk, line by line, while a reader follows them; each file is held by a lock as its process holds it, where locks
/// must be seen.
/// </summary>
internal sealed class FieldReplay : IDisposable
{
    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "Fixtures", "field");

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, FileStream> _held = [];
    private readonly bool _showsLocks;
    private readonly string _name;
    private DiagTail _tail;

    public FieldReplay(string name, bool showsLocks = true)
    {
        _name = name;
        _showsLocks = showsLocks;
        Directory.CreateDirectory(_folder.File("_diag"));
        _tail = Follow(null);
    }

    public static string[] Names => [.. Directory.GetDirectories(Root).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)];

    public ManualTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 28, 16, 0, 0, TimeSpan.Zero));

    public MemoryLogger Log { get; } = new();

    public List<DiagEvent> Events { get; } = [];

    /// <summary>What the runner was said to be after each step, the same once.</summary>
    public List<string> States { get; } = [];

    public string State => _tail.LivingLife switch
    {
        null => "offline",
        { DisconnectedUntil: not null } => "disconnected",
        { Busy: true } => "busy",
        _ => "idle",
    };

    public string? Version => _tail.LivingLife?.Version;

    public static string DiagOf(string name) => Path.Combine(Root, name, "_diag");

    public static List<DiagEvent> ReadOnce(string name)
    {
        using var tail = new DiagTail(DiagOf(name), RunnerSettings.Unknown, null, new ManualTimeProvider(), new MemoryLogger());
        var events = new List<DiagEvent>();
        tail.Read(events, int.MaxValue, final: true);
        return events;
    }

    /// <summary>Writes files, or all of them, in the order of their lines' times.</summary>
    /// <param name="files">Parts of their names.</param>
    public FieldReplay Write(params string[] files)
    {
        var names = Directory.GetFiles(DiagOf(_name), "*_*-utc.log").Select(file => Path.GetFileName(file))
            .Where(file => files.Length == 0 || files.Any(part => file.Contains(part, StringComparison.Ordinal))).ToList();
        var listeners = names.Where(file => file.StartsWith("Runner", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        var heldInTheEnd = listeners.LastOrDefault(IsLaterPage) ?? listeners.FirstOrDefault();
        foreach (var (at, name, text, isLast) in names.SelectMany(Lines).OrderBy(line => line.At).ThenByDescending(line => line.Name[0]).ThenBy(line => line.Name, StringComparer.Ordinal))
        {
            Time.Advance(at > Time.GetUtcNow() ? at - Time.GetUtcNow() : TimeSpan.Zero);
            Append(name, text);
            Step();

            // Of the listeners only one is at its work in the end, and holds its last page.
            if (isLast && name != heldInTheEnd)
            {
                Release(name);
            }
        }

        return this;
    }

    /// <summary>The processes are gone, by a power failure, or because somebody killed them.</summary>
    public FieldReplay Kill()
    {
        _held.Keys.ToList().ForEach(Release);
        return this;
    }

    /// <summary>Lets time pass.</summary>
    public FieldReplay Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Step();
        }

        return this;
    }

    /// <summary>The agent is started again, on a machine that may be.</summary>
    public FieldReplay Restart(bool reboots = false)
    {
        var checkpoint = _tail.Checkpoint;
        _tail.Dispose();
        _tail = Follow(reboots ? checkpoint with { Machine = new Machine("another boot", "") } : checkpoint);
        States.Clear();
        return this;
    }

    public FieldReplay Wipe()
    {
        Directory.Delete(_folder.File("_diag"), recursive: true);
        return this;
    }

    public void Dispose()
    {
        Kill();
        _tail.Dispose();
        _folder.Dispose();
    }

    private bool IsLaterPage(string name)
    {
        using var file = new LogFile(Path.Combine(DiagOf(_name), name), 0);
        return LogHead.Of(file, LogKind.Listener).Begins is false;
    }

    private void Append(string name, string text)
    {
        if (!_held.TryGetValue(name, out var file))
        {
            Directory.CreateDirectory(_folder.File("_diag"));
            _held.Add(name, file = new FileStream(_folder.File("_diag/" + name), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete));
        }

        file.Write(Encoding.UTF8.GetBytes(text));
        file.Flush();
        if (!_showsLocks)
        {
            Release(name);
        }
    }

    private void Release(string name)
    {
        if (_held.Remove(name, out var file))
        {
            file.Dispose();
        }
    }

    private void Step()
    {
        _tail.Read(Events, int.MaxValue, final: false);
        if (States.Count == 0 || States[^1] != State)
        {
            States.Add(State);
        }
    }

    private IEnumerable<(DateTimeOffset At, string Name, string Text, bool IsLast)> Lines(string name)
    {
        var at = DateTimeOffset.MinValue;
        var lines = File.ReadAllText(Path.Combine(DiagOf(_name), name)).Split('\n').SkipLast(1).ToList();
        for (var i = 0; i < lines.Count; i++)
        {
            at = LogLine.TryParse(Encoding.UTF8.GetBytes(lines[i]), out var line) ? line.Time : at;
            yield return (at, name, lines[i] + "\n", i == lines.Count - 1);
        }
    }

    private DiagTail Follow(DiagCheckpoint? from) => new(_folder.File("_diag"), RunnerSettings.Unknown, from, Time, Log);
}
