using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RunnerMetrics.Automation.Tests.Support;
using RunnerMetrics.Automation.TestWatching;
using RunnerMetrics.AutomationWorker.Watching;
using RunnerMetrics.Testing;

namespace RunnerMetrics.AutomationWorker.Tests.Watching;

public sealed class FolderWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServedMeters _meters = new();
    private readonly ConcurrentQueue<string[]> _batches = new();

    public void Dispose()
    {
        _meters.Dispose();
        _folder.Dispose();
    }

    private double? this[string name] => _meters["test_watcher_" + name];

    private FolderWatch Start(Action<IReadOnlyList<string>>? process = null)
    {
        var options = new WatchOptions { Folder = _folder.Path, TestCommand = [], Debounce = TimeSpan.FromSeconds(0.2) };
        var watch = new FolderWatch(
            options,
            new TestWatcherMetrics(_meters),
            process ?? (batch => _batches.Enqueue([.. batch.Select(path => Path.GetRelativePath(_folder.Path, path)).Order(StringComparer.Ordinal)])),
            TimeProvider.System,
            NullLogger.Instance);
        watch.Start();
        return watch;
    }

    private Task ProcessedAsync(int files) => Wait.UntilAsync(() => this["files_processed_total"] >= files, $"{files} files are processed");

    [Fact]
    public void ChangedSince_NewOtherAndGoneFiles_AreTheChanges()
    {
        _folder.Write("same.cs", "1");
        _folder.Write("other.cs", "1");
        _folder.Write("gone.cs", "1");
        var before = FolderScan.Take(_folder.Path, ["*.cs"], ["obj"]);
        File.WriteAllText(Path.Combine(_folder.Path, "other.cs"), "22");
        File.Delete(Path.Combine(_folder.Path, "gone.cs"));
        _folder.Write("below/new.cs", "1");
        _folder.Write("obj/made.cs", "1");
        _folder.Write("notes.txt", "1");

        Assert.Equal(
            ["below/new.cs", "gone.cs", "other.cs"],
            FolderScan.Take(_folder.Path, ["*.cs"], ["obj"]).ChangedSince(before).Select(path => Path.GetRelativePath(_folder.Path, path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Take_LinkToItself_EndsAllTheSame()
    {
        _folder.Write("a/b.cs", "1");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "loop"), _folder.Path);

        Assert.Single(FolderScan.Take(_folder.Path, ["*.cs"], []).ChangedSince(FolderScan.Take(_folder.Path, ["*.none"], [])));
    }

    [Fact]
    public async Task Watch_FilesThatChange_AreProcessedOnceEach()
    {
        _folder.Write("known.cs", "1");
        using (var watch = Start())
        {
            Assert.Null(watch.Problem);
            await Wait.UntilAsync(() => this["is_running"] == 1, "it watches");
            _folder.Write("known.cs", "1\n2");
            await ProcessedAsync(1);
            _folder.Write("bin/made.dll", "1");
            _folder.Write("deep/er/new.cs", "1");
            await ProcessedAsync(2);
            await Wait.UntilAsync(() => this["changed_files_current"] == 0, "nothing waits");
        }

        Assert.Equal(0, this["is_running"]);
        Assert.Equal(["known.cs", "deep/er/new.cs"], _batches.SelectMany(batch => batch));
        Assert.Equal((2, 2, 2), (this["files_processed_total"], this["processing_duration_seconds_count"], this["debounce_duration_seconds_count"]));
    }

    [Fact]
    public async Task Watch_ChangeWhileABatchIsProcessed_IsTheNextBatch()
    {
        using var batch = new Gate();
        using var watch = Start(_ => batch.Pass());
        _folder.Write("first.cs", "1");
        await batch.ComesAsync();
        _folder.Write("second.cs", "1");
        batch.Open();

        await ProcessedAsync(2);
        Assert.Equal(2, this["processing_duration_seconds_count"]);
    }

    [Fact]
    public async Task Watch_BatchThatGoesWrong_IsAnErrorAndTheWatchGoesOn()
    {
        var batches = 0;
        using var watch = Start(_ =>
        {
            if (batches++ == 0)
            {
                throw new InvalidOperationException("no");
            }
        });
        _folder.Write("first.cs", "1");
        await Wait.UntilAsync(() => this["errors_total{type=\"watch\"}"] == 1, "the error is counted");
        _folder.Write("second.cs", "1");
        await ProcessedAsync(1);
        Assert.Null(watch.Problem);
        Assert.Equal((1, 1), (this["files_processed_total"], this["errors_total{type=\"watch\"}"]));
    }

    [Fact]
    public async Task Problem_WatchThatEnded_SaysSo()
    {
        var watch = Start();
        await Wait.UntilAsync(() => this["is_running"] == 1, "it watches");
        watch.Dispose();
        Assert.Equal("not running", watch.Problem);
    }
}
