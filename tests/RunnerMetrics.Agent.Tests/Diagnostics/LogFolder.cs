using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>A _diag folder on disk, and a reader that follows it.</summary>
internal sealed class LogFolder : IDisposable
{
    public const string ListenerPage = "Runner_20261121-000000-utc.log";
    public const string WorkerPage = "Worker_20261121-000003-utc.log";

    private readonly TemporaryFolder _folder = new();
    private DiagTail _tail;

    public LogFolder(DiagCheckpoint? from = null) => _tail = Follow(from);

    public string Path => _folder.File("_diag");

    public ManualTimeProvider Time { get; } = new();

    public MemoryLogger Log { get; } = new();

    public List<DiagEvent> Events { get; } = [];

    public DiagCheckpoint Checkpoint => _tail.Checkpoint;

    public ListenerLife? Life => _tail.Life;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Write(string page, string text)
    {
        Directory.CreateDirectory(Path);
        System.IO.File.AppendAllText(File(page), text);
    }

    public void WriteJob()
    {
        Write(WorkerPage, SmallLog.Worker());
        Write(ListenerPage, SmallLog.Listener());
    }

    public string[] Read(bool final = false)
    {
        _tail.Read(Events, int.MaxValue, final);
        return Events.Verdicts();
    }

    /// <summary>Another reader takes the place of the one that is here.</summary>
    public void Restart(DiagCheckpoint? from)
    {
        _tail.Dispose();
        _tail = Follow(from);
    }

    public void Dispose()
    {
        _tail.Dispose();
        _folder.Dispose();
    }

    private DiagTail Follow(DiagCheckpoint? from) => new(Path, RunnerSettings.Unknown with { Name = Scenario.RunnerName }, from, Time, Log);
}
