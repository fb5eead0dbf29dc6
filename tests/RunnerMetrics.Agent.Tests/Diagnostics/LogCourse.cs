using System.Text;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Both logs of one runner in the order in which they were written, line by line.</summary>
internal sealed partial class LogCourse
{
    private LogCourse(IEnumerable<(LogKind Kind, string Page, string Content)> pages)
    {
        // The worker flushes a line before it does what makes the listener write one.
        Lines = [.. pages.OrderBy(page => page.Page, StringComparer.Ordinal)
            .SelectMany(page => Split(page.Content).Select(line => (line.Time, Piece: new LogPiece(page.Kind, page.Page, Encoding.UTF8.GetBytes(line.Text)))))
            .OrderBy(line => line.Time, StringComparer.Ordinal)
            .ThenByDescending(line => line.Piece.Kind)
            .Select(line => line.Piece)];
    }

    public IReadOnlyList<LogPiece> Lines { get; }

    /// <summary>How many lines there are after each of the listener's messages, and after some of the worker's.</summary>
    public IEnumerable<int> Moments => Enumerable.Range(0, Lines.Count + 1)
        .Where(count => count == Lines.Count || count % 30 == 0 || (Lines[count].Bytes[0] == '[' && (Lines[count - 1].Kind == LogKind.Listener || Lines[count].Kind == LogKind.Listener)));

    /// <summary>Jobs of scenarios, one after another in the log of one listener.</summary>
    public static LogCourse OfJobs(params string[] scenarios) => OfJobs([.. scenarios.Select(Scenario.Load)]);

    public static LogCourse OfJobs(params Scenario[] scenarios)
    {
        var pages = new List<(LogKind, string, string)>();
        var first = scenarios[0];
        var listener = new StringBuilder(first.Listener);
        pages.Add((LogKind.Worker, first.WorkerPage, first.Worker));
        foreach (var (scenario, number) in scenarios.Skip(1).Select((scenario, index) => (scenario, index + 1)))
        {
            var later = scenario.Later(TimeSpan.FromHours(number));
            listener.Append(later.Listener.AsSpan(later.Listener.LastIndexOf('\n', later.Listener.IndexOf("] Job request ", StringComparison.Ordinal)) + 1));
            pages.Add((LogKind.Worker, later.WorkerPage, later.Worker));
        }

        pages.Add((LogKind.Listener, first.ListenerPage, listener.ToString()));
        return new LogCourse(pages);
    }

    /// <summary>Everything in a folder.</summary>
    public static LogCourse Of(string folder) => new(Directory.GetFiles(folder, "*.log").Select(file =>
        (Path.GetFileName(file).StartsWith("Worker", StringComparison.Ordinal) ? LogKind.Worker : LogKind.Listener, Path.GetFileName(file), File.ReadAllText(file))));

    /// <summary>What a reader tells of the first so many lines, and where it would continue.</summary>
    public (List<DiagEvent> Events, DiagCheckpoint Checkpoint) Read(int count, bool final, DiagCheckpoint? from = null)
    {
        using var tail = Folder(Lines.Take(count)).Follow(from);
        var events = new List<DiagEvent>();
        tail.Read(events, int.MaxValue, final);
        return (events, tail.Checkpoint);
    }

    public List<DiagEvent> Read() => Read(Lines.Count, final: true).Events;

    /// <summary>Some of the pieces, all there from the start.</summary>
    public static List<DiagEvent> Read(IReadOnlyCollection<LogPiece> pieces) => Folder(pieces).ReadOnce();

    /// <summary>Reads while the pieces come in, each piece at once.</summary>
    public static List<DiagEvent> ReadAsItGrows(IEnumerable<LogPiece> pieces)
    {
        var folder = new MemoryFolder();
        using var tail = folder.Follow();
        var events = new List<DiagEvent>();
        foreach (var piece in pieces)
        {
            folder.Append(piece.Page, piece.Bytes);
            tail.Read(events, int.MaxValue, final: false);
        }

        return events;
    }

    private static MemoryFolder Folder(IEnumerable<LogPiece> pieces)
    {
        var folder = new MemoryFolder();
        foreach (var piece in pieces)
        {
            folder.Append(piece.Page, piece.Bytes);
        }

        return folder;
    }

    private static IEnumerable<(string Time, string Text)> Split(string content)
    {
        var time = "";
        foreach (var line in content.Split('\n').Select((line, index) => line + "\n").SkipLast(1))
        {
            time = Prefix().Match(line) is { Success: true } match ? match.Groups[1].Value : time;
            yield return (time, line);
        }
    }

    [GeneratedRegex(@"^\[(\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ) ")]
    private static partial Regex Prefix();
}
