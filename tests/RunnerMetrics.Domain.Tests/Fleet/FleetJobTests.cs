using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Tests.Support;

namespace RunnerMetrics.Domain.Tests.Fleet;

public sealed class FleetJobTests : IDisposable
{
    private const string R1 = "runner_name=\"r1\",runner_type=\"standard\"";

    private readonly FleetScenario _fleet = new();

    public void Dispose() => _fleet.Dispose();

    private double? Jobs(string status) => _fleet.Scrape()[$"github_runner_jobs_total{{{R1},status=\"{status}\"}}"];

    private double? Corrections(string from, string to) =>
        _fleet.Scrape()[$"github_runner_job_corrections_total{{{R1},from=\"{from}\",to=\"{to}\"}}"];

    private double? Unresolved() => _fleet.Scrape()[$"github_runner_jobs_unresolved{{{R1}}}"];

    [Fact]
    public void Heartbeat_First_BearsTheJobSeriesAtZero()
    {
        Assert.Null(Jobs("success"));

        _fleet.Beat(0);

        var scrape = _fleet.Scrape();
        Assert.All(["success", "failed", "cancelled", "lost"], status => Assert.Equal(0, Jobs(status)));
        Assert.All(["job", "setup", "runner", "unknown"], reason =>
            Assert.Equal(0, scrape[$"github_runner_job_failures_total{{{R1},reason=\"{reason}\"}}"]));
        Assert.All(["success", "failed", "cancelled"], status =>
            Assert.Equal(0, scrape[$"github_runner_job_duration_seconds_count{{{R1},status=\"{status}\"}}"]));
        Assert.Equal(0, Corrections("failed", "success"));
        Assert.DoesNotContain("queue", string.Concat(scrape.Samples.Keys), StringComparison.Ordinal);
        Assert.DoesNotContain("github_runner_cache", string.Concat(scrape.Samples.Keys), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(JobConclusion.Success, "success")]
    [InlineData(JobConclusion.Failed, "failed")]
    [InlineData(JobConclusion.Cancelled, "cancelled")]
    public void Completed_Measured_IsCountedOnceWithItsDuration(JobConclusion conclusion, string status)
    {
        _fleet.Start("a", 10);
        Assert.Equal(ApplyOutcome.Accepted, _fleet.End("a", 100, conclusion, from: 10));

        Assert.Equal(1, Jobs(status));
        var scrape = _fleet.Scrape();
        Assert.Equal(1, scrape.Sum("github_runner_jobs_total"));
        Assert.Equal(1, scrape.Sum("github_runner_job_duration_seconds_count"));
        Assert.Equal(90, scrape[$"github_runner_job_duration_seconds_sum{{{R1},status=\"{status}\"}}"]);
        Assert.Equal(0, scrape[$"github_runner_job_duration_seconds_bucket{{{R1},status=\"{status}\",le=\"80.0\"}}"]);
        Assert.Equal(1, scrape[$"github_runner_job_duration_seconds_bucket{{{R1},status=\"{status}\",le=\"160.0\"}}"]);
    }

    [Fact]
    public void Completed_StartUnknown_CountsNoDuration()
    {
        _fleet.End("a", 100);

        Assert.Equal(1, Jobs("success"));
        Assert.Equal(0, _fleet.Scrape().Sum("github_runner_job_duration_seconds_count"));
    }

    [Fact]
    public void Completed_Lost_CountsNoDurationAndNoFailure()
    {
        _fleet.Start("a", 10);
        _fleet.Lose("a", 100, from: 10);

        Assert.Equal(1, Jobs("lost"));
        var scrape = _fleet.Scrape();
        Assert.Equal(0, scrape.Sum("github_runner_job_duration_seconds_count"));
        Assert.Equal(0, scrape.Sum("github_runner_job_failures_total"));
    }

    [Fact]
    public void Apply_SameEventIdAgain_ChangesNothing()
    {
        _fleet.Start("a", 10, id: "start");
        _fleet.End("a", 100, from: 10, id: "end");
        var before = _fleet.Scrape().Text;

        Assert.Equal(ApplyOutcome.Duplicate, _fleet.Start("a", 10, id: "start"));
        Assert.Equal(ApplyOutcome.Duplicate, _fleet.End("a", 100, from: 10, id: "end"));
        Assert.Equal(ApplyOutcome.Duplicate, _fleet.End("b", 100, from: 10, id: "end"));

        Assert.Equal(before, _fleet.Scrape().Text);
    }

    [Fact]
    public void Completed_SameEndByAnotherEvent_IsADuplicate()
    {
        _fleet.End("a", 100, from: 10);
        var before = _fleet.Scrape().Text;

        Assert.Equal(ApplyOutcome.Duplicate, _fleet.End("a", 101, from: 11));

        Assert.Equal(before, _fleet.Scrape().Text);
    }

    [Fact]
    public void Completed_AnotherConclusionLater_IsACorrectionThatMovesNothing()
    {
        _fleet.End("a", 100, JobConclusion.Cancelled, from: 10);
        Assert.Equal(ApplyOutcome.Accepted, _fleet.End("a", 102, JobConclusion.Failed, JobFailureReason.Runner, from: 10));
        Assert.Equal(ApplyOutcome.Duplicate, _fleet.End("a", 103, JobConclusion.Failed, JobFailureReason.Runner, from: 10));

        Assert.Equal(1, Jobs("cancelled"));
        Assert.Equal(0, Jobs("failed"));
        Assert.Equal(1, Corrections("cancelled", "failed"));
        var scrape = _fleet.Scrape();
        Assert.Equal(1, scrape.Sum("github_runner_job_corrections_total"));
        Assert.Equal(0, scrape.Sum("github_runner_job_failures_total"));
        Assert.Equal(1, scrape.Sum("github_runner_job_duration_seconds_count"));
    }

    [Fact]
    public void Completed_ResultOfALostJob_IsACorrection()
    {
        _fleet.Lose("a", 100);
        _fleet.End("a", 90, from: 10);

        Assert.Equal(1, Jobs("lost"));
        Assert.Equal(0, Jobs("success"));
        Assert.Equal(1, Corrections("lost", "success"));
        Assert.Equal(0, _fleet.Scrape().Sum("github_runner_job_duration_seconds_count"));
    }

    [Fact]
    public void Started_BehindItsEnd_ReopensNothing()
    {
        _fleet.Beat(0);
        _fleet.End("a", 100, from: 10);
        Assert.Equal(ApplyOutcome.Accepted, _fleet.Start("a", 10));

        Assert.Equal(0, Unresolved());
        Assert.Equal(0, _fleet.Scrape()[$"github_runner_busy{{{R1}}}"]);
        Assert.Equal(0, Assert.Single(_fleet.Fleet.Describe()).OpenJobs);
    }

    [Fact]
    public void Completed_TwoJobsWithOneGuid_AreCountedTwice()
    {
        var first = JobKey.Create("r1", "A7F0", FleetScenario.At(10));
        var second = JobKey.Create("r1", "a7f0", FleetScenario.At(400));
        _fleet.End(first, 100, from: 10);
        _fleet.End(second, 500, from: 400);

        Assert.Equal(2, Jobs("success"));
    }

    [Theory]
    [InlineData(JobFailureReason.Job, "job")]
    [InlineData(JobFailureReason.Setup, "setup")]
    [InlineData(JobFailureReason.Runner, "runner")]
    [InlineData(JobFailureReason.Unknown, "unknown")]
    [InlineData(null, "unknown")]
    public void Completed_Failed_IsCountedUnderOneReason(JobFailureReason? reason, string word)
    {
        _fleet.End("a", 100, JobConclusion.Failed, reason);

        var scrape = _fleet.Scrape();
        Assert.Equal(1, scrape[$"github_runner_job_failures_total{{{R1},reason=\"{word}\"}}"]);
        Assert.Equal(scrape.Sum("github_runner_jobs_total", "failed"), scrape.Sum("github_runner_job_failures_total"));
    }

    [Fact]
    public void Started_SecondJobWhileOneIsOpen_LeavesTheFirstUnresolved()
    {
        _fleet.Beat(0);
        _fleet.Start("a", 10);
        Assert.Equal(0, Unresolved());
        _fleet.Start("b", 500);

        Assert.Equal(1, Unresolved());
        Assert.Equal(FleetScenario.At(500).ToUnixTimeSeconds(), _fleet.Scrape()[$"github_runner_job_start_time_seconds{{{R1}}}"]);

        _fleet.End("a", 300, from: 10);
        Assert.Equal(0, Unresolved());
        Assert.Equal(1, _fleet.Scrape()[$"github_runner_busy{{{R1}}}"]);
    }

    [Fact]
    public void Started_OutOfOrder_ShowsTheLaterJobAsTheRunningOne()
    {
        _fleet.Beat(0);
        _fleet.Start("b", 500);
        _fleet.Start("a", 10);

        Assert.Equal(1, Unresolved());
        Assert.Equal(FleetScenario.At(500).ToUnixTimeSeconds(), _fleet.Scrape()[$"github_runner_job_start_time_seconds{{{R1}}}"]);
    }

    [Fact]
    public void Started_InAnyOrderWithTheOtherEvents_GivesTheSameMetrics()
    {
        void Started(FleetScenario fleet) => fleet.Start("a", 10, id: "1");
        void Ended(FleetScenario fleet) => fleet.End("a", 100, JobConclusion.Failed, JobFailureReason.Job, 10, id: "2");
        void NextStarted(FleetScenario fleet) => fleet.Start("b", 200, id: "3");
        void NextEnded(FleetScenario fleet) => fleet.End("b", 260, from: 200, id: "4");
        void Cached(FleetScenario fleet) => fleet.Fleet.Apply(new CacheReported("5", FleetScenario.At(50), FleetScenario.Runner(), "npm", 8, 2));
        Action<FleetScenario>[] steps = [Started, Ended, NextStarted, NextEnded, Cached];

        var texts = Permutations(steps).Select(order =>
        {
            using var fleet = new FleetScenario();
            fleet.Beat(0);
            foreach (var step in order)
            {
                step(fleet);
            }

            return fleet.Scrape().Text;
        }).ToHashSet();

        Assert.Single(texts);
    }

    [Fact]
    public void Waited_FirstTime_BearsTheQueueSeries()
    {
        _fleet.Beat(0);
        _fleet.Wait(10, 45);
        _fleet.Wait(20, 0);

        var scrape = _fleet.Scrape();
        Assert.Equal(0, scrape[$"github_runner_queue_time_seconds{{{R1}}}"]);
        Assert.Equal(2, scrape[$"github_runner_job_queue_duration_seconds_count{{{R1}}}"]);
        Assert.Equal(45, scrape[$"github_runner_job_queue_duration_seconds_sum{{{R1}}}"]);
        Assert.Equal(1, scrape[$"github_runner_job_queue_duration_seconds_bucket{{{R1},le=\"30.0\"}}"]);
        Assert.Equal(2, scrape[$"github_runner_job_queue_duration_seconds_bucket{{{R1},le=\"60.0\"}}"]);
    }

    [Fact]
    public void CacheReported_Twice_AddsUpAndShowsTheRate()
    {
        _fleet.Cache("npm", 8, 2);
        _fleet.Cache("npm", 1, 9);

        var scrape = _fleet.Scrape();
        Assert.Equal(9, scrape[$"github_runner_cache_requests_total{{{R1},cache_type=\"npm\",result=\"hit\"}}"]);
        Assert.Equal(11, scrape[$"github_runner_cache_requests_total{{{R1},cache_type=\"npm\",result=\"miss\"}}"]);
        Assert.Equal(0.45, scrape[$"github_runner_cache_hit_rate{{{R1},cache_type=\"npm\"}}"]);
    }

    [Fact]
    public void CacheReported_NoRequests_ShowsNoRate()
    {
        _fleet.Cache("apt", 0, 0);

        var scrape = _fleet.Scrape();
        Assert.Equal(0, scrape[$"github_runner_cache_requests_total{{{R1},cache_type=\"apt\",result=\"hit\"}}"]);
        Assert.Null(scrape[$"github_runner_cache_hit_rate{{{R1},cache_type=\"apt\"}}"]);
    }

    [Fact]
    public void CacheReported_LinesThatAreNotKnown_AreCountedByTypeFrom0On()
    {
        _fleet.Cache("npm", 1, 1);
        Assert.Equal(0, _fleet.Scrape()["runner_metrics_cache_lines_unknown_total{cache_type=\"npm\"}"]);
        var report = new CacheReported("unknown", FleetScenario.At(60), FleetScenario.Runner(), "npm", 1, 0) { UnknownLines = 3 };
        _fleet.Fleet.Apply(report);
        _fleet.Fleet.Apply(report);
        _fleet.Fleet.Apply(report with { EventId = "another", Runner = FleetScenario.Runner("r2") });
        Assert.Equal(6, _fleet.Scrape()["runner_metrics_cache_lines_unknown_total{cache_type=\"npm\"}"]);
    }

    private static IEnumerable<T[]> Permutations<T>(T[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((item, i) => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (T[])[item, .. rest]));
}
