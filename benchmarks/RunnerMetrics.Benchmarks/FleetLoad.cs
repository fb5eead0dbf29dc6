using System.Globalization;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Benchmarks;

/// <summary>A fleet in which every runner has every series, and then continues working.</summary>
internal sealed class FleetLoad(FleetState fleet, int runners, TimeProvider? time = null)
{
    private static readonly string[] Types = ["standard", "chrome", "chrome-go"];
    private static readonly string[] Caches = ["npm", "apt", "buildkit"];
    private readonly RunnerIdentity[] _identities = [.. Enumerable.Range(0, runners).Select(Identity)];
    private int _next;

    private TimeProvider Clock => time ?? TimeProvider.System;

    public long JobsDone { get; private set; }

    public void Fill()
    {
        var now = Clock.GetUtcNow();
        foreach (var runner in _identities)
        {
            var heartbeat = new Heartbeat(runner, RunnerState.Busy, now.AddHours(-3), now, now, 0);
            fleet.Apply(fleet.FirstSign(heartbeat)!);
            fleet.RecordHeartbeat(heartbeat);
            foreach (var cache in Caches)
            {
                fleet.Apply(new CacheReported(Id("cache"), now, runner, cache, 7, 3));
            }

            Wait(runner, now, 17);
            Finish(runner);
            fleet.Apply(new JobStarted(Id("start"), now, runner, Job()));
        }
    }

    /// <summary>So many jobs end, spread over the fleet.</summary>
    public void Work(int jobs)
    {
        for (var i = 0; i < jobs; i++)
        {
            Finish(_identities[(int)(((uint)_next * 2654435761) % (uint)_identities.Length)]);
        }
    }

    /// <summary>Every runner gives a heartbeat, and every tenth has waited for something meanwhile.</summary>
    public void Beat()
    {
        var now = Clock.GetUtcNow();
        foreach (var runner in _identities)
        {
            fleet.RecordHeartbeat(new Heartbeat(runner, RunnerState.Busy, now.AddHours(-3), now, now, 0));
            if (_next++ % 10 == 0)
            {
                Wait(runner, now, _next % 200);
                fleet.Apply(new CacheReported(Id("cache"), now, runner, Caches[_next % 3], 7, 3));
            }
        }
    }

    private void Wait(RunnerIdentity runner, DateTimeOffset now, int seconds)
    {
        var job = Job();
        fleet.Apply(new WorkflowJobChanged(
            Id("wait"), now, now, WorkflowJobState.InProgress,
            new WorkflowJob(job.CheckRunId, job.CheckRunId, job.ServerUrl, job.Repository, job.Workflow, job.Name, job.RunId, job.RunAttempt, runner.Type)
            {
                RunnerName = runner.Name,
                CreatedAt = now.AddSeconds(-seconds),
                StartedAt = now,
            }));
    }

    private void Finish(RunnerIdentity runner)
    {
        var now = Clock.GetUtcNow();
        var conclusion = (JobConclusion)((_next % 3) + 1);
        fleet.Apply(new JobCompleted(
            Id("end"), now, runner, Job(), conclusion, conclusion == JobConclusion.Failed ? JobFailureReason.Job : null, now.AddSeconds(-(_next % 900)), now));
        JobsDone++;
    }

    private JobIdentity Job()
    {
        var number = ++_next;
        return new JobIdentity(
            Id("job"), Repository: RepositoryName.Kept("acme/shop"), Workflow: "CI", Name: "build", RunId: 1_000_000 + number, RunAttempt: 1, CheckRunId: 50_000_000 + number);
    }

    private string Id(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}-{++_next}");

    private static RunnerIdentity Identity(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"runner-{number:D4}.ci.acme.example");
        return RunnerIdentity.TryCreate(name, Types[number % 3], "2.336.0", false, $"life-{number}", "github.com/acme", out var identity, out var problem)
            ? identity
            : throw new InvalidOperationException(problem);
    }
}
