using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>What GitHub reported about jobs, and which jobs are the same, in a snapshot.</summary>
internal static class SavedJobs
{
    public static IEnumerable<Saved.Piece> Save(this RecentMap<WorkflowJobRecord> jobs) => jobs.Entries.Select(entry => new Saved.Piece
    {
        WorkflowJob = new Saved.WorkflowJob
        {
            Day = entry.Day,
            Key = entry.Key.Save(),
            CountedAs = entry.Value.CountedAs.Save(),
            IsJoined = entry.Value.IsJoined,
            State = (int)entry.Value.State,
            CreatedAt = entry.Value.CreatedAt.Save(),
            StartedAt = entry.Value.StartedAt.Save(),
            CompletedAt = entry.Value.CompletedAt.Save(),
            RunnerName = entry.Value.RunnerName,
            RunnerId = entry.Value.RunnerId,
            IsWaitCounted = entry.Value.IsWaitCounted,
        },
    });

    public static void Load(this RecentMap<WorkflowJobRecord> jobs, Saved.WorkflowJob saved) => jobs.Restore(saved.Key.Load(), saved.Day, new WorkflowJobRecord(saved.Key.Load())
    {
        CountedAs = saved.CountedAs.Load(),
        IsJoined = saved.IsJoined,
        State = (WorkflowJobState)saved.State,
        CreatedAt = saved.CreatedAt.Load(),
        StartedAt = saved.StartedAt.Load(),
        CompletedAt = saved.CompletedAt.Load(),
        RunnerName = saved.RunnerName,
        RunnerId = saved.RunnerId,
        IsWaitCounted = saved.IsWaitCounted,
    });

    public static IEnumerable<Saved.Piece> Save(this JobJoin join) =>
        join.Counted.Save(pairs => new Saved.Piece { CountedAs = pairs })
            .Concat(join.AgentsJobs.Save(pairs => new Saved.Piece { AgentsCheckRuns = pairs }))
            .Concat(join.GitHubsJobs.Save(pairs => new Saved.Piece { GitHubsCheckRuns = pairs }))
            .Concat(join.Sightings.Select(seen => new Saved.Piece
            {
                RunSightings = new Saved.RunSightings { Run = seen.Run.Save(), Day = seen.Day, Jobs = { seen.Sightings.Select(Save) } },
            }));

    public static void Load(this JobJoin join, Saved.RunSightings saved) => join.Restore(saved.Run.Load(), saved.Day, [.. saved.Jobs.Select(Load)]);

    private static Saved.Sighting Save(JobSighting sighting) => new()
    {
        Key = sighting.Key.Save(),
        IsAgents = sighting.IsAgents,
        Attempt = sighting.Attempt,
        NameHash = sighting.NameHash,
        StartedAt = sighting.StartedAt.Save(),
        CompletedAt = sighting.CompletedAt.Save(),
        IsJoined = sighting.IsJoined,
    };

    private static JobSighting Load(Saved.Sighting saved) => new(saved.Key.Load(), saved.IsAgents, saved.Attempt, saved.NameHash)
    {
        StartedAt = saved.StartedAt.Load(),
        CompletedAt = saved.CompletedAt.Load(),
        IsJoined = saved.IsJoined,
    };
}
