using System.Globalization;
using Microsoft.Data.Sqlite;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

public sealed class HistoryTests : IDisposable
{
    private static readonly DateTimeOffset Now = AgentEvents.Now;
    private static readonly RunnerIdentity Runner = RunnerIdentity.TryCreate("r1", "chrome", "2.336.0", false, "life", "github.com/acme", out var runner, out _)
        ? runner : throw new InvalidOperationException();

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new(AgentEvents.Now);
    private int _events;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(50)] // the agent knows the check run
    [InlineData(0)] // it does not: run, attempt, runner and time say that it is one job
    public void Write_OneJobInEveryOrderOfWhatIsSaidOfIt_IsOneRow(long checkRun)
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        var run = 0L;
        foreach (var order in Permutations.Of([0, 1, 2, 3, 4]))
        {
            run++;
            var job = new JobIdentity($"key{run}", ServerUrl: "https://github.com", Repository: RepositoryName.Kept("acme/shop"), Workflow: "CI", Name: "build", RunId: run, RunAttempt: 1, CheckRunId: checkRun == 0 ? 0 : checkRun + run);
            FleetEvent[] said =
            [
                new JobStarted(Id(), Now, Runner, job),
                new JobCompleted(Id(), Now.AddSeconds(60), Runner, job, JobConclusion.Failed, JobFailureReason.Setup, Now, Now.AddSeconds(60)) { StepsStartedAt = Now.AddSeconds(5) },
                GitHub(WorkflowJobState.Queued, run, 50 + run),
                GitHub(WorkflowJobState.InProgress, run, 50 + run),
                GitHub(WorkflowJobState.Completed, run, 50 + run),
            ];
            foreach (var each in order)
            {
                words.Append(said[each]);
            }

            var row = Assert.Single(Rows($"run_id = {run}"));
            Assert.True(
                row is { GitHubId: not null, AgentKey: not null, RunnerName: "r1", RunnerType: "chrome", State: JobRow.Ended, Reason: (int)JobFailureReason.Setup, Conclusion: (int)JobConclusion.Failed },
                $"{string.Join(' ', order)}: {row}");
            Assert.Equal([Ms(-30), Ms(0), Ms(5), Ms(60)], new[] { row.QueuedAt, row.StartedAt, row.StepsStartedAt, row.CompletedAt }.Select(time => time!.Value));
        }

        Assert.Equal(120, run);
    }

    [Fact]
    public void Write_AnotherConclusionLater_LeavesTheFirst()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        words.Append(Completed("a", JobConclusion.Success), Completed("a", JobConclusion.Cancelled));

        Assert.Equal((int)JobConclusion.Success, Assert.Single(Rows("1")).Conclusion);
    }

    [Fact]
    public void Write_JobGivenUp_IsLostAndAnEndThatIsKnownStays()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        words.Append(new JobStarted(Id(), Now, Runner, new JobIdentity("a")), Completed("b", JobConclusion.Success));
        words.Append(new JobGivenUp(Id(), Now, "r1", "chrome", "a"), new JobGivenUp(Id(), Now, "r1", "chrome", "b"));

        Assert.Equal([(int)JobConclusion.Lost, (int)JobConclusion.Success], Rows("1").Select(row => row.Conclusion!.Value));
    }

    [Fact]
    public void Write_QueuedJobExpired_IsNoLongerOpen()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        words.Append(GitHub(WorkflowJobState.Queued, 1, 51), GitHub(WorkflowJobState.Queued, 2, 52));
        Assert.Equal(2, Rows("state < 4").Count);
        var key = System.Security.Cryptography.SHA256.HashData("job\ngithub.com\n52"u8);
        words.Append(new QueuedJobExpired(Id(), Now, System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(key).ToString("x32", CultureInfo.InvariantCulture)));

        Assert.Equal(51, Assert.Single(Rows("state < 4")).GitHubId);
    }

    [Fact]
    public void Write_Deployment_IsOneRowAndItsEndStays()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        foreach (var state in (DeploymentState[])[DeploymentState.Pending, DeploymentState.Success, DeploymentState.InProgress])
        {
            words.Append(new DeploymentChanged(Id(), Now, new Deployment("7", "https://github.com", RepositoryName.Kept("acme/shop"), EnvironmentName.Kept("production"), state) { Sha = CommitSha.Kept("abc") }));
        }

        using var connection = StoreFile.Connect(Path.Combine(_folder.Path, StoreFile.Name), SqliteOpenMode.ReadWrite);
        Assert.Equal("1 3 abc", StoreFile.Value(connection, "SELECT count(*) || ' ' || min(state) || ' ' || min(sha) FROM deployment"));
    }

    [Fact]
    public void Append_ThatFails_LeavesNothingInTheHistory()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        words.Append("a");
        using (var other = StoreFile.Connect(Path.Combine(_folder.Path, StoreFile.Name), SqliteOpenMode.ReadWrite))
        {
            StoreFile.Run(other, "CREATE TRIGGER full BEFORE UPDATE ON job BEGIN SELECT raise(ABORT, 'no'); END");
            Assert.Throws<IOException>(() => words.Append(Completed("x", JobConclusion.Success), Completed("x", JobConclusion.Success)));
            StoreFile.Run(other, "DROP TRIGGER full");
        }

        Assert.Empty(Rows("1"));
        words.Append(Completed("x", JobConclusion.Success));
        Assert.Single(Rows("1"));
    }

    [Fact]
    public void Step_JobsOlderThanTheHistory_GoAndTheOthersStay()
    {
        using var words = WordStore.Open(_folder.Path, time: _time);
        words.Work();
        words.Append([.. Enumerable.Range(0, 500).Select(job => Completed($"old{job}", JobConclusion.Success, days: -91))]);
        words.Append(Completed("new", JobConclusion.Success, days: -89));
        Assert.False(words.Store.HasWork);
        _time.Advance(TimeSpan.FromMinutes(1));
        words.Work();

        Assert.Single(Rows("1"));
    }

    [Fact]
    public void Step_StoreOverItsSize_LosesTheOldestFirst()
    {
        using var words = WordStore.Open(_folder.Path, new StoreOptions { HistoryBytes = 1_000_000 }, _time);
        words.Work();
        words.Append([.. Enumerable.Range(0, 6000).Select(job => Completed(string.Create(CultureInfo.InvariantCulture, $"j{job}"), JobConclusion.Success, days: (job - 6000) / 6000.0))]);
        _time.Advance(TimeSpan.FromMinutes(1));
        words.Work();

        var left = Rows("1");
        Assert.InRange(left.Count, 100, 5000);
        Assert.Equal(left.Count, left.Count(row => row.At >= Ms(-86400.0 * (left.Count + 1) / 6000)));
    }

    [Fact]
    public void Append_HistoryOff_KeepsNoneAndLosesWhatWasKept()
    {
        using (var words = WordStore.Open(_folder.Path, time: _time))
        {
            words.Append(Completed("a", JobConclusion.Success));
        }

        using var without = WordStore.Open(_folder.Path, new StoreOptions { KeepsHistory = false }, _time);
        without.Append(Completed("b", JobConclusion.Success));
        without.Work();

        Assert.Empty(Rows("1"));
    }

    private static long Ms(double seconds) => Now.AddSeconds(seconds).ToUnixTimeMilliseconds();

    private string Id() => string.Create(CultureInfo.InvariantCulture, $"e{++_events}");

    private JobCompleted Completed(string key, JobConclusion conclusion, double days = 0) =>
        new(Id(), Now.AddDays(days), Runner, new JobIdentity(key), conclusion, null, Now.AddDays(days).AddSeconds(-1), Now.AddDays(days));

    private WorkflowJobChanged GitHub(WorkflowJobState state, long run, long id) => new(
        Id(), Now, Now, state, new WorkflowJob(id, id, "https://github.com", RepositoryName.Kept("acme/shop"), "CI", "build", run, 1, "standard")
        {
            RunnerName = state >= WorkflowJobState.InProgress ? "r1" : "",
            CreatedAt = Now.AddSeconds(-30),
            StartedAt = state >= WorkflowJobState.InProgress ? Now : Now.AddSeconds(-30),
            CompletedAt = state == WorkflowJobState.Completed ? Now.AddSeconds(60) : null,
            Conclusion = state == WorkflowJobState.Completed ? JobConclusion.Failed : null,
            FailureReason = state == WorkflowJobState.Completed ? JobFailureReason.Job : null,
        });

    private List<JobRow> Rows(string where)
    {
        using var connection = StoreFile.Connect(Path.Combine(_folder.Path, StoreFile.Name), SqliteOpenMode.ReadWrite);
        using var statement = new Statement(connection, $"SELECT {JobRow.Columns} FROM job WHERE {where} ORDER BY id");
        using var rows = statement.Query();
        List<JobRow> all = [];
        while (rows.Read())
        {
            all.Add(JobRow.Read(rows));
        }

        return all;
    }
}
