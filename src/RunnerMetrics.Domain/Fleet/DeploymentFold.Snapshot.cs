using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Names;

namespace RunnerMetrics.Domain.Fleet;

/// <content>What is remembered of deployments, in a snapshot.</content>
internal sealed partial class DeploymentFold
{
    public IEnumerable<Saved.Piece> Save() =>
        _series.Values.Select(series => new Saved.Piece { DeploymentSeries = series.Save() })
            .Concat(_deployments.Entries.Select(entry => new Saved.Piece { Deployment = entry.Value.Save(entry.Day) }))
            .Concat(_incidents.Entries.Select(entry => new Saved.Piece { Incident = Save(entry.Key, entry.Day, entry.Value) }))
            .Concat(_shipped.Save(pairs => new Saved.Piece { ShippedCommits = pairs }))
            .Concat(_commits.Times.Entries.Chunk(1024).Select(commits => new Saved.Piece { CommitTimes = Save(commits) }))
            .Concat(_commits.Awaited.Entries.Select(entry => new Saved.Piece { AwaitedCommit = Save(entry.Key, entry.Day, entry.Value) }))
            .Concat(_commits.Repositories.Entries.Select(entry => new Saved.Piece { ToldRepository = new Saved.Repository { Key = entry.Key.Save(), Day = entry.Day } }));

    public void Load(Saved.DeploymentSeries saved) => AddSeries(RepositoryName.Kept(saved.Repository), EnvironmentName.Kept(saved.Environment)).Load(saved);

    public void Load(Saved.Deployment saved) => _deployments.Restore(
        saved.Key.Load(), saved.Day, DeploymentRecord.Load(saved, (repository, environment) => _series[NameOf(repository, environment)]));

    public void Load(Saved.Incident saved) => _incidents.Restore(saved.Key.Load(), saved.Day, new IncidentRecord
    {
        OpenedAt = saved.OpenedAt.Load(),
        ResolvedAt = saved.ResolvedAt.Load(),
        IsRecoveryMeasured = saved.IsRecoveryMeasured,
    });

    public void LoadShipped(Saved.KeyPairs saved) => _shipped.Load(saved);

    public void Load(Saved.CommitTimes saved)
    {
        for (var i = 0; i < saved.Days.Count; i++)
        {
            _commits.Times.Restore(saved.Keys.KeyAt(i), saved.Days[i], saved.Ticks[i]);
        }
    }

    public void Load(Saved.AwaitedCommit saved) => _commits.Awaited.Restore(
        saved.Commit.Load(), saved.Day, [.. Enumerable.Range(0, saved.Deployments.Count / 2).Select(saved.Deployments.KeyAt)]);

    public void Load(Saved.Repository saved) => _commits.Repositories.Restore(saved.Key.Load(), saved.Day, 0);

    private static Saved.Incident Save(UInt128 key, int day, IncidentRecord record) => new()
    {
        Key = key.Save(),
        Day = day,
        OpenedAt = record.OpenedAt.Save(),
        ResolvedAt = record.ResolvedAt.Save(),
        IsRecoveryMeasured = record.IsRecoveryMeasured,
    };

    private static Saved.CommitTimes Save(IEnumerable<(UInt128 Key, int Day, long Ticks)> commits)
    {
        var saved = new Saved.CommitTimes();
        foreach (var (key, day, ticks) in commits)
        {
            saved.Keys.AddKey(key);
            saved.Days.Add(day);
            saved.Ticks.Add(ticks);
        }

        return saved;
    }

    private static Saved.AwaitedCommit Save(UInt128 commit, int day, List<UInt128> deployments)
    {
        var saved = new Saved.AwaitedCommit { Commit = commit.Save(), Day = day };
        deployments.ForEach(saved.Deployments.AddKey);
        return saved;
    }
}
