using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class SnapshotFaultTests
{
    private readonly PowerCutFolder _disk = new();
    private readonly FaultyFolder _faulty;

    public SnapshotFaultTests() => _faulty = new FaultyFolder(_disk);

    [Theory]
    [InlineData(nameof(StorageOperation.Create))]
    [InlineData(nameof(StorageOperation.Write))]
    [InlineData(nameof(StorageOperation.Sync))]
    [InlineData(nameof(StorageOperation.Rename))]
    [InlineData(nameof(StorageOperation.SyncFolder))]
    [InlineData(nameof(StorageOperation.Delete))]
    public async Task Snapshot_FailsAnywhere_LosesNothingEvenIfThePowerGoesNext(string operation)
    {
        var failing = Enum.Parse<StorageOperation>(operation);
        for (var nth = 1; nth <= 4; nth++)
        {
            var disk = new PowerCutFolder();
            var faulty = new FaultyFolder(disk);
            var rig = JournalRig.Start(faulty, new JournalOptions { SnapshotAfter = 600 });
            var count = 0;
            faulty.Fault = (asked, _) => asked == failing && ++count == nth ? FaultyFolder.Broken() : null;
            List<string> acknowledged = [];
            for (var job = 0; job < 12 && count < nth; job++)
            {
                if (await JournalRig.RefusalAsync(rig.SubmitAsync(Job(job))) is null)
                {
                    acknowledged.Add($"r{job}");
                }
            }

            disk.StopAt = disk.Operations + 2; // the write is done, the sync is not
            await JournalRig.RefusalAsync(rig.SubmitAsync(Job(99)));
            await rig.DisposeAsync();
            for (var seed = 0; seed < 10; seed++)
            {
                await using var again = JournalRig.Start(disk.AfterCut(new Random(seed)));
                Assert.Equal(acknowledged.Order(), again.Successes().Keys.Where(name => name != "r99").Order());
            }
        }
    }

    [Fact]
    public async Task Snapshot_FailsAgainAndAgain_FillsNoDiskWithWhatItBegan()
    {
        await using var rig = JournalRig.Start(_faulty, new JournalOptions { SnapshotAfter = 100 });
        _faulty.Fault = (operation, name) =>
            operation == StorageOperation.Sync && name.EndsWith(FileNames.Temporary, StringComparison.Ordinal) ? FaultyFolder.Broken() : null;
        for (var job = 0; job < 10; job++)
        {
            await rig.SubmitAsync(Job(job));
        }

        Assert.DoesNotContain(_disk.List(), name => name.EndsWith(FileNames.Temporary, StringComparison.Ordinal));
    }

    private static Event Job(int job) => Wire.Completed($"e{job}", $"j{job}", runner: Wire.Runner($"r{job}"));
}
