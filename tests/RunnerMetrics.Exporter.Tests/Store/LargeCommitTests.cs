using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

public sealed class LargeCommitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Submit_MoreThanOneCommitHolds_IsCommittedInSeveral()
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

        await using var rig = StoreRig.Start(_folder.Path, new StoreOptions { SnapshotAfter = long.MaxValue });
        using var fsync = new Gate();
        rig.Store.Append = () =>
        {
            // All of them wait behind the first.
            fsync.Pass();
            return null;
        };
        var answers = Enumerable.Range(0, 20).Select(_ => rig.SubmitAsync(Enumerable.Range(0, 900).Select(_ => Large()))).ToArray();
        fsync.Open();
        await Task.WhenAll(answers);

        Assert.InRange(rig.Store.Commits, 3, 20);
        var counted = await rig.SuccessesAfterKillAsync();
        Assert.Equal(rig.Successes(), counted);
        Assert.Equal(18_000, counted.Values.Sum(count => int.Parse(count, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static Event Job(int job) => AgentEvents.Completed($"e{job}", $"j{job}", runner: AgentEvents.Runner($"r{job}"));
}
