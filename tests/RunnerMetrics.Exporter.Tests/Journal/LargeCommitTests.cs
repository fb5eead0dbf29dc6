using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Journal;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Journal;

public class LargeCommitTests
{
    private readonly PowerCutFolder _disk = new();
    private readonly FaultyFolder _faulty;

    public LargeCommitTests() => _faulty = new FaultyFolder(_disk);

    [Fact]
    public async Task Submit_MoreThanOneFrameHolds_IsCommittedInSeveral()
    {
        var large = new string('x', 1000);
        var next = 0;
        Event Large()
        {
            var wire = Job(next++ % 3).With(e => e.EventId = $"e{next}");
            var job = wire.JobCompleted.Job;
            (job.JobKey, job.JobId, job.Name, job.Workflow, job.ServerUrl) = ($"j{next}", large, large, large, large);
            return wire;
        }

        var rig = JournalRig.Start(_faulty, new JournalOptions { SnapshotAfter = long.MaxValue });
        using var fsync = new Gate();
        _faulty.Fault = (operation, _) =>
        {
            // All of them wait behind the first.
            if (operation == StorageOperation.Sync)
            {
                fsync.Pass();
            }

            return null;
        };
        var answers = Enumerable.Range(0, 20).Select(_ => rig.SubmitAsync(Enumerable.Range(0, 900).Select(_ => Large()))).ToArray();
        fsync.Open();
        await Task.WhenAll(answers);
        var counted = rig.Successes();
        _disk.Stop();
        await rig.DisposeAsync();

        await using var again = JournalRig.Start(_disk.AfterKill());
        Assert.Equal(counted, again.Successes());
        Assert.Equal(18_000, again.Successes().Values.Sum(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static Event Job(int job) => Wire.Completed($"e{job}", $"j{job}", runner: Wire.Runner($"r{job}"));
}
