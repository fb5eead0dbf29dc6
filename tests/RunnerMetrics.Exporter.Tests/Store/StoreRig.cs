using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Commits;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Metrics;
using RunnerMetrics.Metrics.Exposition;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A store, the commit loop and the fleet on a folder of the test's own, without a server around them.</summary>
internal sealed class StoreRig : IAsyncDisposable
{
    private static readonly FleetOptions Limits = new();
    private static readonly EventReader Reader = new(AgentEvents.Now, TimeSpan.Zero, AgentEvents.Now, TimeSpan.FromDays(35));

    private readonly DiskFolder _folder;

    private StoreRig(string folder, StoreOptions options, TimeProvider time)
    {
        Folder = folder;
        Fleet = new FleetState(Registry, Limits);
        Loop = new CommitLoop(Fleet, Limits, Registry, time, NullLogger<CommitLoop>.Instance);
        _folder = DiskFolder.Open(folder, "exporter", "--data");
        Store = new FaultyStore(FleetRecovery.Open(_folder, options, time, Fleet, Limits, Registry, out _));
        Loop.Start(Store, new CommitMetrics(Registry));
    }

    public string Folder { get; }

    public FaultyStore Store { get; }

    public MetricRegistry Registry { get; } = new();

    public FleetState Fleet { get; }

    public CommitLoop Loop { get; }

    public static StoreRig Start(string folder, StoreOptions? options = null, TimeProvider? time = null) =>
        new(folder, options ?? new StoreOptions(), time ?? new ManualTimeProvider(AgentEvents.Now));

    /// <summary>What another life counts on the files as they are now, as if this one was killed.</summary>
    public Task<Dictionary<string, string>> SuccessesAfterKillAsync() => AfterKillAsync(again => again.Successes());

    /// <summary>What another life tells of runners and jobs, on the files as they are now.</summary>
    public Task<string> TextAfterKillAsync() => AfterKillAsync(again => again.Text());

    private async Task<T> AfterKillAsync<T>(Func<StoreRig, T> read)
    {
        var copy = Directory.CreateTempSubdirectory("runner-metrics-").FullName;
        try
        {
            WordStore.Copy(Folder, copy);
            await using var again = Start(copy);
            return read(again);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    public Task<ApplyOutcome[]> SubmitAsync(params IEnumerable<Event> events) =>
        OutcomesAsync([.. events.Select(wire => CommitItem.Of(wire, Reader.Read(wire).Event!, default))]);

    public Task<ApplyOutcome[]> SubmitAsync(string sender, params IEnumerable<Event> events) =>
        OutcomesAsync([.. events.Select(wire => CommitItem.Of(wire, Reader.Read(wire).Event!, new EventSource(sender, wire.Sequence)))]);

    private async Task<ApplyOutcome[]> OutcomesAsync(CommitItem[] items) => [.. (await Loop.SubmitAsync(items)).Select(result => result.Outcome)];

    /// <summary>Why something was refused; null if it was not.</summary>
    public static async Task<StoreUnavailableException?> RefusalAsync(Task answer)
    {
        try
        {
            await answer;
            return null;
        }
        catch (StoreUnavailableException e)
        {
            return e;
        }
    }

    /// <summary>What is told of runners and jobs.</summary>
    public string Text(ExpositionFormat format = ExpositionFormat.Text)
    {
        using var snapshot = Registry.Snapshot(format);
        var bytes = new List<byte>();
        foreach (var piece in snapshot.Pieces)
        {
            bytes.AddRange(piece.Span);
        }

        return string.Join('\n', System.Text.Encoding.UTF8.GetString([.. bytes]).Split('\n').Where(line => line.StartsWith("github_", StringComparison.Ordinal)));
    }

    /// <summary>How many jobs each runner is said to have ended with success; nothing for those with none.</summary>
    public Dictionary<string, string> Successes() => Samples.Of(Text(), "github_runner_jobs_total", "status=\"success\"")
        .Where(sample => sample.Value != "0").ToDictionary(sample => sample.Key, sample => sample.Value);

    public async ValueTask DisposeAsync()
    {
        await Loop.DisposeAsync();
        _folder.Dispose();
        Registry.Dispose();
    }
}
