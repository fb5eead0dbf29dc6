using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using RunnerMetrics.Contracts.V1;
using Conclusion = RunnerMetrics.Contracts.V1.JobCompleted.Types.Conclusion;
using Reason = RunnerMetrics.Contracts.V1.JobCompleted.Types.FailureReason;

namespace RunnerMetrics.EndToEnd.Tests.Dashboards;

/// <summary>
/// A day of a small fleet, in steps: jobs that arrive, wait, run and end; caches; a runner that dies at its work, another that loses GitHub, ephemeral ones, and a night
/// in which nothing comes. It tells what agents and GitHub would tell, and remembers what it did. The same each time.
/// </summary>
internal sealed class SimulatedDay
{
    public const int Hours = 24;
    public static readonly TimeSpan Step = TimeSpan.FromMinutes(2);

    private const string Doomed = "standard-doomed";
    private static readonly (string Type, double PerStep)[] Arrivals = [("standard", 0.35), ("chrome", 0.2), ("chrome-go", 0.1)];
    private static readonly (string Repository, string Workflow)[] Workflows = [("acme/shop", "build"), ("acme/shop", "test"), ("acme/app", "build")];

    private readonly Random _random = new(20261121);
    private readonly List<DayRunner> _runners;
    private readonly List<DayJob> _queue = [];
    private readonly List<DayJob> _ended = [];
    private readonly List<Event> _events = [];
    private readonly List<(string Name, JsonObject Payload)> _webhooks = [];
    private int _jobs;
    private int _eventIds;
    private int _ephemerals;

    public SimulatedDay(DateTimeOffset end)
    {
        End = end;
        _runners =
        [
            Runner("standard-1", "standard", 30), Runner("standard-2", "standard", 50), Runner("standard-3", "standard", 200),
            Runner(Doomed, "standard", 30),
            Runner("chrome-1", "chrome", 5), Runner("chrome-2", "chrome", 72), Runner("go-1", "chrome-go", 120),
        ];
    }

    public DateTimeOffset End { get; }

    public DateTimeOffset Start => End - TimeSpan.FromHours(Hours);

    /// <summary>Jobs that ended, as the first to tell of each told it.</summary>
    public IReadOnlyList<DayJob> Ended => _ended;

    /// <summary>Runners that are busy now.</summary>
    public int Busy => _runners.Count(runner => runner.Job is not null && runner.DiesAt > End);

    /// <summary>Jobs that run now.</summary>
    public IReadOnlyList<DayJob> Running => [.. _runners.Select(runner => runner.Job).OfType<DayJob>()];

    /// <summary>Jobs that wait now.</summary>
    public int Waiting => _queue.Count;

    public DateTimeOffset At(double hour) => Start + TimeSpan.FromHours(hour);

    /// <summary>What is told at a moment of what happened since the step before it.</summary>
    public (IReadOnlyList<Event> Events, IReadOnlyList<(string Name, JsonObject Payload)> Webhooks) Next(DateTimeOffset now)
    {
        _events.Clear();
        _webhooks.Clear();
        Arrive(now);
        foreach (var runner in _runners.Where(runner => runner.DiesAt > now).ToList())
        {
            Finish(runner, now);
            if (_runners.Contains(runner))
            {
                Take(runner, now);
                Beat(runner, now);
            }
        }

        return (_events, _webhooks);
    }

    private DayRunner Runner(string name, string type, double hoursBefore) => new(name, type, Start - TimeSpan.FromHours(hoursBefore));

    private void Arrive(DateTimeOffset now)
    {
        if (now >= At(7) && now < At(13))
        {
            return; // the night
        }

        foreach (var (type, perStep) in Arrivals)
        {
            // Two bursts: one that makes jobs wait, and one that still waits at the end.
            var count = (_random.NextDouble() < perStep ? 1 : 0) + (now == At(18) || now == End - (3 * Step) ? 8 : 0);
            for (var i = 0; i < count; i++)
            {
                Queue(type, now);
            }
        }

        if ((now - Start).TotalMinutes % 120 == 0)
        {
            // Before the others, so that it takes the next job.
            _runners.Insert(0, new DayRunner($"ephemeral-{++_ephemerals}", "standard", now - TimeSpan.FromSeconds(20)) { IsEphemeral = true });
        }
    }

    private void Queue(string type, DateTimeOffset now)
    {
        var (repository, workflow) = Workflows[_random.Next(Workflows.Length)];
        var minutes = 0.5 + (6 * _random.NextDouble() * _random.NextDouble()) + (_random.Next(20) == 0 ? 20 : 0);
        var job = new DayJob(++_jobs, type, repository, workflow, now - TimeSpan.FromSeconds(_random.Next(1, 100)), TimeSpan.FromSeconds(Math.Round(60 * minutes)));
        job = _random.Next(20) switch
        {
            0 or 1 => job with { Conclusion = Conclusion.Failed, Reason = Reason.Job },
            2 => job with { Conclusion = Conclusion.Failed, Reason = _jobs % 2 == 0 ? Reason.Setup : Reason.Runner },
            3 => job with { Conclusion = Conclusion.Cancelled },
            4 when _jobs % 3 == 0 => job with { Conclusion = Conclusion.Lost },
            _ => job,
        };
        _queue.Add(job);
        Tell(job, "queued", runner: null);
    }

    private void Take(DayRunner runner, DateTimeOffset now)
    {
        if (runner.Job is not null || _queue.FirstOrDefault(waiting => waiting.Type == runner.Type) is not { } job)
        {
            return;
        }

        _queue.Remove(job);
        var earliest = job.CreatedAt > runner.FreeSince ? job.CreatedAt : runner.FreeSince;
        job = job with { StartedAt = earliest + TimeSpan.FromSeconds(1) < now ? earliest + TimeSpan.FromSeconds(1) : now };
        runner.Job = job;
        Report(runner, job.StartedAt, new Event { JobStarted = new JobStarted { Job = Wire(job) } });
        Tell(job, "in_progress", runner);
        if (runner.Name == Doomed && now >= At(15))
        {
            runner.DiesAt = now + Step; // at its work: nobody tells how the job ended
        }
    }

    private void Finish(DayRunner runner, DateTimeOffset now)
    {
        if (runner.Job is not { } job || job.EndsAt > now)
        {
            return;
        }

        _ended.Add(job);
        (runner.Job, runner.FreeSince) = (null, job.EndsAt);
        Report(runner, job.EndsAt, new Event
        {
            JobCompleted = new JobCompleted
            {
                Job = Wire(job),
                Conclusion = job.Conclusion,
                FailureReason = job.Reason,
                StartedAt = job.StartedAt.ToTimestamp(),
                CompletedAt = job.EndsAt.ToTimestamp(),
            },
        });
        Report(runner, job.EndsAt, new Event { Cache = new CacheReport { CacheType = "npm", Hits = 8, Misses = 2 } });
        if (job.Type != "standard")
        {
            Report(runner, job.EndsAt, new Event { Cache = new CacheReport { CacheType = "buildkit", Hits = 3, Misses = 5 } });
        }

        Tell(job, "completed", runner);
        if (runner.IsEphemeral)
        {
            Report(runner, job.EndsAt, new Event { Stopped = new RunnerStopped { Reason = "its job is done" } });
            _runners.Remove(runner);
        }
    }

    private void Beat(DayRunner runner, DateTimeOffset now)
    {
        var isCutOff = runner.Name == "chrome-2" && now > End - TimeSpan.FromHours(1) && runner.Job is null;
        Report(runner, now, new Event
        {
            Heartbeat = new RunnerHeartbeat
            {
                State = isCutOff ? RunnerHeartbeat.Types.State.Disconnected : runner.Job is null ? RunnerHeartbeat.Types.State.Idle : RunnerHeartbeat.Types.State.Busy,
                StartedAt = runner.StartedAt.ToTimestamp(),
            },
        });
    }

    private void Report(DayRunner runner, DateTimeOffset at, Event told)
    {
        told.EventId = string.Create(CultureInfo.InvariantCulture, $"day-{++_eventIds}");
        told.OccurredAt = at.ToTimestamp();
        told.Runner = runner.Wire();
        _events.Add(told);
    }

    private static Job Wire(DayJob job) => new()
    {
        JobKey = string.Create(CultureInfo.InvariantCulture, $"job-{job.Id}"),
        JobId = Guid.Empty.ToString(),
        ServerUrl = "https://github.com",
        Repository = job.Repository,
        Workflow = job.Workflow,
        Name = job.Workflow,
        RunId = job.Id,
        RunAttempt = 1,
        CheckRunId = job.Id,
    };

    // Of one job in a hundred GitHub says later that it was cancelled, when the agent has told another end: that is a correction.
    private void Tell(DayJob job, string action, DayRunner? runner)
    {
        var conclusion = job.Conclusion switch { Conclusion.Success => "success", Conclusion.Cancelled => "cancelled", _ => "failure" };
        var payload = new JsonObject
        {
            ["id"] = job.Id,
            ["run_id"] = job.Id,
            ["run_attempt"] = 1,
            ["workflow_name"] = job.Workflow,
            ["name"] = job.Workflow,
            ["status"] = action,
            ["created_at"] = Time(job.CreatedAt),
            ["started_at"] = Time(runner is null ? job.CreatedAt : job.StartedAt),
            ["labels"] = new JsonArray("self-hosted", job.Type),
            ["runner_name"] = runner?.Name,
        };
        if (action == "completed")
        {
            payload["conclusion"] = job.Id % 100 == 50 ? "cancelled" : conclusion;
            payload["completed_at"] = Time(job.EndsAt);
        }

        _webhooks.Add(("workflow_job", new JsonObject
        {
            ["action"] = action,
            ["workflow_job"] = payload,
            ["repository"] = new JsonObject { ["full_name"] = job.Repository, ["html_url"] = "https://github.com/" + job.Repository },
        }));
    }

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
