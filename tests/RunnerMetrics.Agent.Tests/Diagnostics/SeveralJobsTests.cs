using RunnerMetrics.Agent.Diagnostics;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

public class SeveralJobsTests
{
    private static readonly string[] Names = ["ok", "worker-kill9", "fail", "init-failure", "cancel", "started-hook-fails", "hook-noext", "sigterm-runsh", "ok"];

    [Fact]
    public void Read_JobsOneAfterAnother_ConcludesEachByItself()
    {
        var events = LogCourse.OfJobs(Names).Read();
        Assert.Equal(
            ["success", "failed/runner", "failed/job", "failed/setup", "cancelled", "failed/setup", "failed/setup", "success", "success"],
            events.Verdicts());
        var keys = events.OfType<JobEnded>().Select(ended => ended.Job.JobKey).ToList();
        Assert.Equal(keys, events.OfType<JobBegan>().Select(began => began.Job.JobKey));
        Assert.Equal(Names.Length, keys.Distinct().Count());
        Assert.Single(events.Select(told => told.Life?.InstanceId).Distinct());
    }

    [Fact]
    public void Read_WorkerLogsOfOtherJobsBetween_AreNotMistaken()
    {
        var jobs = Names.Select(Scenario.Load).ToList();
        string[] gone = [jobs[1].Later(TimeSpan.FromHours(1)).WorkerPage, jobs[3].Later(TimeSpan.FromHours(3)).WorkerPage];
        var left = LogCourse.OfJobs([.. jobs]).Lines.Where(piece => !gone.Contains(piece.Page));
        Assert.Equal(
            ["success", "failed/runner", "failed/job", "failed/unknown", "cancelled", "failed/setup", "failed/setup", "success", "success"],
            LogCourse.Read([.. left]).Verdicts());
    }

    [Fact]
    public void Read_OneGuidInTwoRuns_AreTwoJobs()
    {
        var first = Scenario.Load("ok");
        var second = Scenario.Load("fail");
        second = second with
        {
            Listener = second.Listener.Replace(second.JobId, first.JobId, StringComparison.Ordinal),
            Worker = second.Worker.Replace(second.JobId, first.JobId, StringComparison.Ordinal),
        };
        var course = LogCourse.OfJobs(first, second, first);
        var events = course.Read();
        Assert.Equal(["success", "failed/job", "success"], events.Verdicts());
        var jobs = events.OfType<JobEnded>().Select(ended => ended.Job).ToList();
        Assert.All(jobs, job => Assert.Equal(first.JobId, job.JobId));
        Assert.Equal(3, jobs.Select(job => job.JobKey).Distinct().Count());
        Assert.Equal(events.Told(), course.Read().Told());
    }

    [Fact]
    public void Read_OneGuidTwiceAndTheFirstWithoutAWorker_AreTwoJobs()
    {
        var scenario = Scenario.Load("ok");
        var course = LogCourse.OfJobs(scenario, scenario);
        var events = LogCourse.Read([.. course.Lines.Where(piece => piece.Page != scenario.WorkerPage)]);
        Assert.Equal(["success", "success"], events.Verdicts());
        Assert.Equal(["", "acme/shop"], events.OfType<JobEnded>().Select(ended => ended.Job.Repository));
    }

    [Fact]
    public void Read_NextWorkerGoesOnInTheSameFile_DoesNotSpeakForTheJobBefore()
    {
        var course = LogCourse.OfJobs("init-failure", "ok");
        var workers = course.Lines.Where(piece => piece.Kind == LogKind.Worker).Select(piece => piece with { Page = "Worker_1" });
        var events = LogCourse.Read([.. course.Lines.Where(piece => piece.Kind == LogKind.Listener), .. workers]);
        Assert.Equal(["failed/setup", "success"], events.Verdicts());
    }
}
