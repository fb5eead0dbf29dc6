using System.Globalization;
using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Exporter.Store;
using RunnerMetrics.Exporter.Store.Sqlite;
using RunnerMetrics.Exporter.Tests.Support;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Store;

public sealed class HistoryQueryTests : IDisposable
{
    private static readonly DateTimeOffset Now = AgentEvents.Now;

    private readonly TemporaryFolder _folder = new();
    private int _events;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.Path, StoreFile.Name);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FindJobs_EachFilter_FindsThoseAndNoOthers()
    {
        using var words = Filled(60);
        var all = await AllAsync(words.Store.History!, new JobQuery());
        Assert.Equal(60, all.Count);
        Assert.Equal(all.OrderByDescending(job => job.Place.At).ThenByDescending(job => job.Place.Id), all);

        await HoldsAsync(new JobQuery { RunnerName = "r1" }, job => job.RunnerName == "r1");
        await HoldsAsync(new JobQuery { RunnerType = "chrome" }, job => job.RunnerType == "chrome");
        await HoldsAsync(new JobQuery { Scope = "github.com/acme" }, job => job.Scope == "github.com/acme");
        await HoldsAsync(new JobQuery { Repository = "ACME/shop" }, job => job.Repository == "acme/shop");
        await HoldsAsync(new JobQuery { Workflow = "Nightly" }, job => job.Workflow == "Nightly");
        await HoldsAsync(new JobQuery { Conclusion = JobConclusion.Failed }, job => job.Conclusion == JobConclusion.Failed);
        await HoldsAsync(new JobQuery { Conclusion = JobConclusion.Success }, job => job.Conclusion == JobConclusion.Success);
        await HoldsAsync(new JobQuery { OnlyOpen = true }, job => job.State == WorkflowJobState.InProgress && job.Conclusion is null);
        await HoldsAsync(new JobQuery { Reason = JobFailureReason.Runner }, job => job.Reason == JobFailureReason.Runner);
        await HoldsAsync(new JobQuery { LeastState = WorkflowJobState.Completed }, job => job.State == WorkflowJobState.Completed);
        await HoldsAsync(new JobQuery { MostState = WorkflowJobState.InProgress, RunnerType = "chrome" }, job => job.State == WorkflowJobState.InProgress && job.RunnerType == "chrome");
        await HoldsAsync(new JobQuery { Text = "NIGHT" }, job => job.Workflow == "Nightly");
        await HoldsAsync(new JobQuery { Text = "me/sho" }, job => job.Repository == "acme/shop");
        await HoldsAsync(new JobQuery { From = Now.AddMinutes(-20), Until = Now.AddMinutes(-5) }, job => job.Place.At >= Ms(-20) && job.Place.At < Ms(-5));
        await HoldsAsync(
            new JobQuery { RunnerName = "r1", Repository = "acme/shop", Workflow = "CI", Conclusion = JobConclusion.Failed, From = Now.AddMinutes(-25) },
            job => job is { RunnerName: "r1", Repository: "acme/shop", Workflow: "CI", Conclusion: JobConclusion.Failed } && job.Place.At >= Ms(-25));

        async Task HoldsAsync(JobQuery query, Func<HistoryJob, bool> holds)
        {
            var right = all.Where(holds).ToList();
            Assert.InRange(right.Count, 1, 59);
            Assert.Equal(right, await AllAsync(words.Store.History!, query with { Limit = 7 }));
            Assert.Equal(Enumerable.Reverse(right), await AllAsync(words.Store.History!, query with { Limit = 7, IsOldestFirst = true }));
        }
    }

    [Fact]
    public async Task FindJob_AtItsPlace_IsThatJobAndNoOther()
    {
        using var words = Filled(10);
        var all = await AllAsync(words.Store.History!, new JobQuery());
        foreach (var job in all)
        {
            Assert.Equal(job, await words.Store.History!.FindAsync(job.Place, Cancelled));
            Assert.Null(await words.Store.History!.FindAsync(job.Place with { At = job.Place.At + 1 }, Cancelled));
        }

        Assert.Null(await words.Store.History!.FindAsync(new HistoryCursor(0, 4711), Cancelled));
    }

    [Fact]
    public async Task Count_Jobs_AreThoseThatTheListsHave()
    {
        using var words = Filled(60);
        var since = Now.AddMinutes(-20);
        var counts = await words.Store.History!.CountAsync(since, Cancelled);
        var late = (await AllAsync(words.Store.History!, new JobQuery { From = since })).Where(job => job.Conclusion is not null).ToList();

        Assert.Equal(Enum.GetValues<JobConclusion>().ToDictionary(value => value, value => late.Count(job => job.Conclusion == value)), counts.Conclusions);
        Assert.Equal(Enum.GetValues<JobFailureReason>().ToDictionary(value => value, value => late.Count(job => job.Reason == value)), counts.Reasons);
        Assert.True(counts.Conclusions[JobConclusion.Failed] > 0 && counts.Reasons[JobFailureReason.Runner] > 0 && counts.IsWhole);
        var open = await AllAsync(words.Store.History!, new JobQuery { OnlyOpen = true });
        Assert.Equal(
            open.GroupBy(job => job.RunnerType).OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => new OpenJobCount(WorkflowJobState.InProgress, type.Key, type.Count(), type.Min(job => job.StartedAt!.Value))),
            counts.Open);
    }

    [Theory]
    [InlineData("job_conclusion", true)]
    [InlineData("job_reason", false)]
    public void SqlOfCounts_LooksIntoItsIndexAlone(string index, bool isConclusion)
    {
        using var words = Filled(1);
        Assert.Contains($"SEARCH job USING COVERING INDEX {index}", PlanOf(isConclusion ? HistoryCounter.Conclusions : HistoryCounter.Reasons, 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindJobs_WhileOthersEnd_PagesHaveEveryJobOnce()
    {
        using var words = Filled(40);
        var history = words.Store.History!;
        var first = await history.FindAsync(new JobQuery { Limit = 10 }, Cancelled);
        words.Append([.. Enumerable.Range(0, 40).Select(job => Completed(job, JobConclusion.Success)), .. Enumerable.Range(1, 40).Select(job => Started(-job))]);
        List<HistoryJob> rest = [];
        for (var next = first.Next; next is not null;)
        {
            var page = await history.FindAsync(new JobQuery { Limit = 10, After = HistoryCursor.TryParse(next.ToString(), out var place) ? place : default }, Cancelled);
            rest.AddRange(page.Items);
            next = page.Next;
        }

        Assert.Equal(Enumerable.Range(0, 40), first.Items.Concat(rest).Select(job => (int)job.RunId).Order());
    }

    [Fact]
    public async Task FindJobs_ThatTakeTooLong_ComeInShorterPages()
    {
        using var words = Filled(60);
        using var slow = new SqliteHistory(File, new TickingClock(SqliteHistory.LongestRead / 5));
        var page = await slow.FindAsync(new JobQuery { RunnerType = "nothing" }, Cancelled);
        Assert.Empty(page.Items);
        Assert.NotNull(page.Next);

        Assert.Equal(await AllAsync(words.Store.History!, new JobQuery { Scope = "github.com/acme" }), await AllAsync(slow, new JobQuery { Scope = "github.com/acme" }));
    }

    [Fact]
    public async Task FindJobs_Cancelled_GivesUpAndTheNextIsAnswered()
    {
        using var words = Filled(10);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => words.Store.History!.FindAsync(new JobQuery(), cancelled.Token));
        Assert.Equal(10, (await words.Store.History!.FindAsync(new JobQuery(), Cancelled)).Items.Count);
    }

    [Fact]
    public async Task FindJobs_ByMany_NeitherWaitForTheWriterNorHoldItUp()
    {
        using var words = Filled(60);
        var history = words.Store.History!;
        using var writing = StoreFile.Connect(File, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        StoreFile.Run(writing, "BEGIN IMMEDIATE; DELETE FROM job");
        var pages = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => history.FindAsync(new JobQuery { Limit = 500 }, Cancelled)));
        StoreFile.Run(writing, "ROLLBACK");

        Assert.All(pages, page => Assert.Equal(60, page.Items.Count));
        words.Append(Completed(-2, JobConclusion.Success));
        StoreFile.Checkpoint(writing); // no reader holds anything
        Assert.Equal(-2, (await history.FindAsync(new JobQuery { Limit = 1 }, Cancelled)).Items[0].RunId);
    }

    [Theory]
    [InlineData("job_at")]
    [InlineData("job_runner", "runner")]
    [InlineData("job_workflow", "workflow")]
    [InlineData("job_repository", "repository")]
    [InlineData("job_conclusion", "failed")]
    [InlineData("job_conclusion", "failed", "repository")]
    [InlineData("job_repository", "success", "repository")]
    [InlineData("job_runner", "runner", "failed", "repository", "workflow")]
    [InlineData("job_open", "open", "runner")]
    [InlineData("job_open", "waiting")]
    [InlineData("job_open", "waiting", "oldest")]
    [InlineData("job_reason", "fault")]
    [InlineData("job_reason", "fault", "repository", "oldest")]
    [InlineData("job_at", "oldest")]
    [InlineData("job_runner", "runner", "oldest")]
    public void SqlOfJobs_Filters_AreLedByTheirIndexAndSortNothing(string index, params string[] filters)
    {
        using var words = Filled(1);
        var query = new JobQuery
        {
            RunnerName = filters.Contains("runner") ? "r1" : null,
            Workflow = filters.Contains("workflow") ? "CI" : null,
            Repository = filters.Contains("repository") ? "acme/shop" : null,
            Conclusion = filters.Contains("failed") ? JobConclusion.Failed : filters.Contains("success") ? JobConclusion.Success : null,
            OnlyOpen = filters.Contains("open"),
            MostState = filters.Contains("waiting") ? WorkflowJobState.Queued : null,
            Reason = filters.Contains("fault") ? JobFailureReason.Runner : null,
            IsOldestFirst = filters.Contains("oldest"),
        };

        Assert.Equal($"SEARCH job USING INDEX {index}", PlanOf(SqliteHistory.SqlOf(query)));
    }

    [Fact]
    public void SqlOfDeployments_Filters_AreLedByTheirIndexAndSortNothing()
    {
        using var words = Filled(1);
        Assert.Equal("SEARCH deployment USING INDEX deployment_at", PlanOf(SqliteHistory.SqlOf(new DeploymentQuery { Environment = "production" })));
        Assert.Equal("SEARCH deployment USING INDEX deployment_repository", PlanOf(SqliteHistory.SqlOf(new DeploymentQuery { Repository = "acme/shop" })));
    }

    [Fact]
    public async Task FindDeployments_EachFilter_FindsThoseAndNoOthers()
    {
        using var words = WordStore.Open(_folder.Path);
        words.Append([.. Enumerable.Range(0, 30).Select(number => new DeploymentChanged(Id(), Now.AddMinutes(-number), new Deployment(
            $"d{number}", "https://github.com", RepositoryName.Kept(number % 2 == 0 ? "acme/shop" : "acme/desk"), EnvironmentName.Kept(number % 3 == 0 ? "production" : "staging"),
            number % 5 == 0 ? DeploymentState.Failure : DeploymentState.Success) { Sha = CommitSha.Kept("abc") }))]);
        var all = await AllAsync(new DeploymentQuery());
        Assert.Equal(Enumerable.Range(0, 30).Select(number => $"d{number}"), all.Select(deployment => deployment.Id));
        Assert.Equal((Now, "abc"), (all[0].FinishedAt!.Value, all[0].Sha));

        await HoldsAsync(new DeploymentQuery { Repository = "Acme/Shop" }, deployment => deployment.Repository == "acme/shop");
        await HoldsAsync(new DeploymentQuery { Environment = "production" }, deployment => deployment.Environment == "production");
        await HoldsAsync(new DeploymentQuery { State = DeploymentState.Failure, Until = Now.AddMinutes(-5) }, deployment => deployment.State == DeploymentState.Failure && deployment.Place.At < Ms(-5));

        async Task HoldsAsync(DeploymentQuery query, Func<HistoryDeployment, bool> holds) =>
            Assert.Equal(all.Where(holds), await AllAsync(query with { Limit = 4 }));

        async Task<List<HistoryDeployment>> AllAsync(DeploymentQuery query)
        {
            List<HistoryDeployment> found = [];
            for (HistoryPage<HistoryDeployment>? page = null; page is null or { Next: not null };)
            {
                page = await words.Store.History!.FindAsync(query with { After = page?.Next }, Cancelled);
                found.AddRange(page.Items);
            }

            return found;
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("17")]
    [InlineData("17.x")]
    [InlineData("17.-1")]
    [InlineData("1.2.3")]
    public void TryParse_WhatIsNoCursor_IsRefused(string text) => Assert.False(HistoryCursor.TryParse(text, out _));

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public void Limit_OutOfRange_IsRefused(int limit) => Assert.Throws<ArgumentOutOfRangeException>(() => new JobQuery { Limit = limit });

    [Fact]
    public void History_WhereNoneIsKept_IsNull()
    {
        using var words = WordStore.Open(_folder.Path, new StoreOptions { KeepsHistory = false });
        Assert.Null(words.Store.History);
    }

    private static long Ms(double minutes) => Now.AddMinutes(minutes).ToUnixTimeMilliseconds();

    private static RunnerIdentity Runner(int job) =>
        RunnerIdentity.Kept($"r{job % 3}", job % 2 == 0 ? "chrome" : "standard", "2.336.0", false, "life", job % 4 == 0 ? "github.com/acme" : "github.com/other");

    private static JobIdentity Job(int job) => new(
        $"key{job}", ServerUrl: "https://github.com", Repository: RepositoryName.Kept(job % 2 == 0 ? "acme/desk" : "acme/shop"), Workflow: job % 5 == 0 ? "Nightly" : "CI", Name: "build", RunId: job, RunAttempt: 1);

    private string Id() => string.Create(CultureInfo.InvariantCulture, $"e{++_events}");

    private JobStarted Started(int job) => new(Id(), At(job), Runner(job), Job(job));

    private JobCompleted Completed(int job, JobConclusion conclusion) => new(
        Id(), At(job).AddSeconds(30), Runner(job), Job(job), conclusion, conclusion != JobConclusion.Failed ? null : job % 8 == 1 ? JobFailureReason.Runner : JobFailureReason.Job, At(job), At(job).AddSeconds(30));

    // Two start at one moment.
    private static DateTimeOffset At(int job) => Now.AddMinutes(-Math.Floor(job / 2.0));

    // The first is the latest; each seventh runs still.
    private WordStore Filled(int jobs)
    {
        var words = WordStore.Open(_folder.Path);
        words.Append([.. Enumerable.Range(0, jobs).Select(FleetEvent (job) => job % 7 == 0 ? Started(job) : Completed(job, job % 4 == 1 ? JobConclusion.Failed : JobConclusion.Success))]);
        return words;
    }

    private static async Task<List<HistoryJob>> AllAsync(IHistory history, JobQuery query)
    {
        List<HistoryJob> found = [];
        for (HistoryPage<HistoryJob>? page = null; page is null or { Next: not null };)
        {
            page = await history.FindAsync(query with { After = page?.Next }, Cancelled);
            found.AddRange(page.Items);
        }

        return found;
    }

    // "SEARCH job USING INDEX job_runner (runner_name=? AND at>? AND at<?)"
    private string PlanOf(string sql, int? parameters = null)
    {
        using var connection = StoreFile.Connect(File, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        using var statement = new Statement(connection, "EXPLAIN QUERY PLAN " + sql);
        using var rows = statement.Query([.. Enumerable.Repeat<object?>(1L, parameters ?? (sql.Contains("$14", StringComparison.Ordinal) ? 14 : 6))]);
        List<string> steps = [];
        while (rows.Read())
        {
            steps.Add(rows.GetString(3).Split(" (")[0]);
        }

        return string.Join("; ", steps);
    }

    /// <summary>A clock that each look at it moves on.</summary>
    private sealed class TickingClock(TimeSpan tick) : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += tick.Ticks;
    }
}
