using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Intake;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Hosting.Folders;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Benchmarks;

/// <summary>The store under the commit loop, with and without the history of jobs, in turns, beside raw fsyncs of the same disk.</summary>
internal static class StoreBenchmark
{
    private const int Rounds = 3;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(4);
    private static readonly string[] Kinds = ["store", "store with history"];

    public static async Task<int> RunAsync(int jobs)
    {
        Console.WriteLine($"SQLite {new SqliteConnection("Data Source=:memory:").ServerVersion}");
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var kind in Kinds)
            {
                await ReportIngestAsync(kind);
            }
        }

        foreach (var kind in Kinds)
        {
            await ReportRestartAsync(kind, jobs);
        }

        return 0;
    }

    private static async Task ReportIngestAsync(string kind)
    {
        await using var rig = Rig.Open(kind);
        var fsync = DurabilityBenchmark.RawFsync(rig.Folder);
        var (single, acks) = await rig.RunAsync(callers: 1, batch: 1, Length / 2);
        var commit = Median(rig.Store.Commits);
        var (thousands, _) = await rig.RunAsync(callers: 4, batch: 1000, Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kind,-18} 4 x 1000: {thousands,8:F0} events/s; 1 x 1: {single,6:F0} events/s, ack {Median(acks):F3} ms, commit {commit:F3} ms, raw fsync {fsync:F3} ms; SQLite's memory {SQLitePCL.raw.sqlite3_memory_used() / 1e6:F1} MB"));
    }

    // The longest tail that there can be: a snapshot is due at 32 MiB.
    private static async Task ReportRestartAsync(string kind, int jobs)
    {
        await using var rig = Rig.Open(kind);
        var clock = Stopwatch.StartNew();
        await rig.FillAsync(jobs);
        var fill = clock.Elapsed.TotalSeconds;
        var tail = rig.Store.BytesSinceSnapshot;
        for (var i = 0; i < 3; i++)
        {
            var folder = rig.Copy();
            var files = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
            clock.Restart();
            await using (var again = Rig.Open(kind, folder))
            {
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind,-18} restart after {jobs} jobs ({fill:F1} s to write) with {tail / 1e6:F1} MB behind the snapshot: {clock.Elapsed.TotalSeconds:F2} s; {files / 1e6:F0} MB on disk"));
                if (i == 2 && kind == Kinds[1])
                {
                    await ReportQueriesAsync(again);
                }
            }
        }
    }

    // As the page will ask: the first page of each question, and one from the middle of the history.
    private static async Task ReportQueriesAsync(Rig rig)
    {
        var history = rig.Store.History!;
        JobQuery[] queries =
        [
            new(), new() { RunnerName = "bench-7" }, new() { Repository = "acme/shop" }, new() { Workflow = "CI" }, new() { Conclusion = JobConclusion.Success }, new() { Conclusion = JobConclusion.Failed },
            new() { Repository = "acme/shop", Conclusion = JobConclusion.Failed }, new() { RunnerName = "bench-7", Repository = "acme/shop", Workflow = "CI", Conclusion = JobConclusion.Success },
            new() { OnlyOpen = true },
        ];
        var middle = MiddleOf(rig);
        foreach (var query in queries.Append(new JobQuery { After = middle }).Append(new JobQuery { Repository = "acme/shop", After = middle }))
        {
            var clock = Stopwatch.StartNew();
            var page = await history.FindAsync(query, CancellationToken.None);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {page.Items.Count,2} jobs{(page.Next is null ? "" : ", and more,")} in {clock.Elapsed.TotalMilliseconds:F2} ms: {query}"));
        }

        using var connection = StoreFile.OpenReader(Path.Combine(rig.Folder, StoreFile.Name));
        var check = Stopwatch.StartNew();
        var said = StoreFile.Value(connection, "PRAGMA quick_check");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  quick_check: {said} after {check.Elapsed.TotalSeconds:F2} s"));
    }

    private static HistoryCursor MiddleOf(Rig rig)
    {
        using var connection = StoreFile.OpenReader(Path.Combine(rig.Folder, StoreFile.Name));
        using var statement = new Statement(connection, "SELECT at, id FROM job WHERE id >= (SELECT max(id) / 2 FROM job) ORDER BY id LIMIT 1");
        using var row = statement.Query();
        row.Read();
        return new HistoryCursor(row.GetInt64(0), row.GetInt64(1));
    }

    private static double Median(List<double> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }

    private sealed class Rig : IAsyncDisposable
    {
        private static readonly FleetOptions Limits = new();
        private readonly string _kind;
        private DiskFolder? _disk;
        private CommitLoop? _loop;
        private MetricRegistry? _registry;

        private Rig(string kind, string folder) => (_kind, Folder) = (kind, folder);

        public string Folder { get; }

        public TimedStore Store { get; private set; } = null!;

        public static Rig Open(string kind, string? folder = null)
        {
            var rig = new Rig(kind, folder ?? Directory.CreateTempSubdirectory("runner-metrics-store-").FullName);
            rig.Open();
            return rig;
        }

        private void Open()
        {
            var registry = _registry = new MetricRegistry();
            var fleet = new FleetState(registry, Limits);
            _disk = DiskFolder.Open(Folder, "benchmark", "folder");
            Store = new TimedStore(FleetRecovery.Open(_disk, new StoreOptions { KeepsHistory = _kind == Kinds[1] }, TimeProvider.System, fleet, Limits, registry, out _));
            _loop = new CommitLoop(fleet, Limits, registry, TimeProvider.System, NullLogger<CommitLoop>.Instance);
            _loop.Start(Store, new CommitMetrics(registry));
        }

        public async Task<(double EventsPerSecond, List<double> Acks)> RunAsync(int callers, int batch, TimeSpan length)
        {
            var (acks, accepted) = (new List<double>(), 0L);
            var clock = Stopwatch.StartNew();
            await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
            {
                var batches = new EventBatches();
                while (clock.Elapsed < length)
                {
                    var items = Read(batches, batch);
                    var start = clock.Elapsed;
                    var results = await _loop!.SubmitAsync(items);
                    Interlocked.Add(ref accepted, results.Count(result => result.Outcome == ApplyOutcome.Accepted));
                    lock (acks)
                    {
                        acks.Add((clock.Elapsed - start).TotalMilliseconds);
                    }
                }
            })));
            return (accepted / clock.Elapsed.TotalSeconds, acks);
        }

        public async Task FillAsync(int jobs)
        {
            var batches = Enumerable.Range(0, 4).Select(_ => new EventBatches()).ToArray();
            for (var left = jobs; left > 0 || Store.BytesSinceSnapshot < 30e6; left -= 2000)
            {
                await Task.WhenAll(batches.Select(sender => _loop!.SubmitAsync(Read(sender, 500))));
            }
        }

        /// <summary>The files as a process that is killed now leaves them.</summary>
        public string Copy()
        {
            while (Store.HasWork)
            {
                Thread.Yield();
            }

            var copy = Directory.CreateTempSubdirectory("runner-metrics-store-").FullName;
            foreach (var file in Directory.EnumerateFiles(Folder).Where(file => Path.GetFileName(file) is not "lock"))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }

            return copy;
        }

        public async ValueTask DisposeAsync()
        {
            await _loop!.DisposeAsync();
            _disk!.Dispose();
            _registry!.Dispose();
            Directory.Delete(Folder, recursive: true);
        }

        private static CommitItem[] Read(EventBatches batches, int size)
        {
            var request = batches.Next(size);
            var reader = new EventReader(DateTimeOffset.MaxValue, TimeSpan.Zero, DateTimeOffset.MinValue, TimeSpan.MaxValue);
            return [.. request.Events.Select(wire => CommitItem.Of(wire, reader.Read(wire).Event!, new EventSource(request.SenderId, wire.Sequence)))];
        }
    }

    private sealed class TimedStore(IEventStore store) : IEventStore
    {
        public List<double> Commits { get; } = [];

        public Exception? StartProblem => store.StartProblem;

        public long BytesSinceSnapshot => store.BytesSinceSnapshot;

        public int Snapshots => store.Snapshots;

        public bool WantsSnapshot => store.WantsSnapshot;

        public bool HasWork => store.HasWork;

        public IHistory? History => store.History;

        public void Append(RunnerMetrics.Exporter.Wire.V1.Commit commit, IReadOnlyList<FleetEvent> happened)
        {
            var start = Stopwatch.GetTimestamp();
            store.Append(commit, happened);
            Commits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        public void Snapshot(Action<Stream> save) => store.Snapshot(save);

        public void Step() => store.Step();

        public void Dispose() => store.Dispose();
    }
}
