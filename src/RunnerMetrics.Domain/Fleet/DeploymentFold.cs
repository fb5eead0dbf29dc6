using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Memory;
using RunnerMetrics.Domain.Names;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>
/// The fold over deployments, incidents and commits: each deployment counts once, in any order of its events, and what is not reported has
/// no series. The caller holds the registry's gate.
/// </summary>
internal sealed partial class DeploymentFold(FleetFamilies families, FleetOptions options, int horizonDays)
{
    /// <summary>A commit that was deployed is not a new change when it is deployed again: after a rollback, for example.</summary>
    private const int ShippedDays = 400;

    private static readonly RepositoryName OtherRepository = RepositoryName.Kept(RunnerIdentity.OtherName);
    private static readonly EnvironmentName OtherEnvironment = EnvironmentName.Kept(RunnerIdentity.OtherName);

    private readonly Dictionary<(string Repository, string Environment), DeploymentSeries> _series = [];
    private readonly RecentMap<DeploymentRecord> _deployments = new(horizonDays, options.MaxDeployments);
    private readonly RecentMap<IncidentRecord> _incidents = new(horizonDays, options.MaxDeployments);
    private readonly RecentMap<UInt128> _shipped = new(ShippedDays, options.MaxDeployments);
    private readonly CommitTimes _commits = new(horizonDays, options.MaxCommits);

    public void Fold(DeploymentChanged changed)
    {
        var told = changed.Deployment;
        if (!options.CountsEnvironment(told.Environment))
        {
            return;
        }

        var record = RecordOf(told.ServerUrl, told.Repository, told.Id, changed.OccurredAt);
        var series = record.Series ??= SeriesOf(told.Repository, told.Environment);
        series.BearDeployments();
        if (options.ReportsIncidents(told.Repository))
        {
            series.BearIncidents();
            series.BearRework();
        }

        if (told.HeadCommittedAt is not null || told.OldestCommittedAt is not null || _commits.AreToldOf(RepositoryKey(told.ServerUrl, told.Repository)))
        {
            series.BearLeadTime();
        }

        record.Commit = told.Sha.IsKnown && record.Commit == 0 ? CommitKey(told.ServerUrl, told.Repository, told.Sha) : record.Commit;
        if (record.Learn(told, changed.OccurredAt))
        {
            CountEnd(record, series);
        }

        Settle(record, changed.OccurredAt);
    }

    public void Fold(IncidentChanged changed)
    {
        var told = changed.Incident;
        if (!options.CountsEnvironment(told.Environment))
        {
            return;
        }

        var series = SeriesOf(told.Repository, told.Environment);
        series.BearIncidents();
        var key = KeyOf("incident", told.ServerUrl, told.Repository, told.Id);
        if (!_incidents.TryGet(key, out var record))
        {
            _incidents.Set(key, record = new IncidentRecord(), changed.OccurredAt);
            series.Incidents!.Increment();
        }

        record.Learn(told);
        if (record.RecoveryToMeasure is { } took)
        {
            series.Recovery!.Observe(took.TotalSeconds);
            record.IsRecoveryMeasured = true;
        }

        if (told.DeploymentId.Length > 0)
        {
            var cause = RecordOf(told.ServerUrl, told.Repository, told.DeploymentId, changed.OccurredAt);
            cause.HasIncident = true;
            Settle(cause, changed.OccurredAt);
        }
    }

    public void Fold(CommitsSeen seen)
    {
        if (_commits.BeginToTell(RepositoryKey(seen.ServerUrl, seen.Repository), seen.OccurredAt))
        {
            foreach (var series in _series.Values.Where(s => s.Succeeded is not null && s.Repository.Lower == seen.Repository.Lower))
            {
                series.BearLeadTime();
            }
        }

        foreach (var commit in seen.Commits)
        {
            foreach (var waiting in _commits.Add(CommitKey(seen.ServerUrl, seen.Repository, commit.Sha), commit.CommittedAt, seen.OccurredAt))
            {
                if (_deployments.TryGet(waiting, out var record))
                {
                    Settle(record, seen.OccurredAt);
                }
            }
        }
    }

    private void CountEnd(DeploymentRecord record, DeploymentSeries series)
    {
        var succeeded = record.Ended == DeploymentState.Success;
        (succeeded ? series.Succeeded : series.Failed)!.Increment();
        if (series.Timeline is not { } timeline)
        {
            return;
        }

        var end = new DeploymentEnd(record.Key, record.EndedAt, succeeded) { IsRework = record.IsRework, HasIncident = record.HasIncident };
        if (timeline.Add(end, out var dropped, out var droppedFailed) is { } took)
        {
            series.Recovery!.Observe(took.TotalSeconds);
        }

        if (droppedFailed && _deployments.TryGet(dropped!.Key, out var droppedRecord))
        {
            droppedRecord.IsFailureCounted = true;
        }
    }

    // Counts all that is known of a deployment by now, and was not counted before.
    private void Settle(DeploymentRecord record, DateTimeOffset at)
    {
        if (record.Series is not { } series)
        {
            return;
        }

        if (record.IsRework)
        {
            series.BearRework();
        }

        if (record.Ended is not { } ended)
        {
            return;
        }

        SettleFailures(record, series);
        if (ended != DeploymentState.Success)
        {
            return;
        }

        if (record is { IsRework: true, IsReworkCounted: false })
        {
            series.Rework!.Increment();
            record.IsReworkCounted = true;
        }

        SettleLeadTime(record, series, at);
    }

    private static void SettleFailures(DeploymentRecord record, DeploymentSeries series)
    {
        if (series.Timeline?.Find(record.Key) is { } end)
        {
            end.IsRework = record.IsRework;
            end.HasIncident = record.HasIncident;
        }
        else if (record is { HasIncident: true, Ended: DeploymentState.Success, IsFailureCounted: false })
        {
            record.IsFailureCounted = true;
            series.BearChangeFailures();
            series.Timeline?.CountEarlierFailure();
            if (series.Timeline is null)
            {
                series.ChangeFailures!.Increment();
            }
        }

        if (series.Timeline is { ChangeFailures: > 0 and var failures })
        {
            series.BearChangeFailures();
            series.ChangeFailures!.AdvanceTo(failures);
        }
    }

    private void SettleLeadTime(DeploymentRecord record, DeploymentSeries series, DateTimeOffset at)
    {
        if (record.IsLeadTimeSettled)
        {
            return;
        }

        if (record.Commit != 0)
        {
            var change = HorizonMap<byte>.KeyOf($"shipped\n{record.Commit:x32}\n{series.Environment.Lower}");
            if (!_shipped.TryGet(change, out var shippedBy))
            {
                _shipped.Set(change, shippedBy = record.Key, at);
            }

            if (shippedBy != record.Key)
            {
                record.IsLeadTimeSettled = true;
                return;
            }
        }

        if ((record.CommittedAt ?? (record.Commit == 0 ? null : _commits.Find(record.Commit, record.Key, at))) is { } committed)
        {
            series.BearLeadTime();
            series.LeadTime!.Observe(Math.Max(0, (record.EndedAt - committed).TotalSeconds));
            record.IsLeadTimeSettled = true;
        }
    }

    private DeploymentRecord RecordOf(string serverUrl, RepositoryName repository, string id, DateTimeOffset at)
    {
        var key = KeyOf("deployment", serverUrl, repository, id);
        if (!_deployments.TryGet(key, out var record))
        {
            _deployments.Set(key, record = new DeploymentRecord(key), at);
        }

        return record;
    }

    private DeploymentSeries SeriesOf(RepositoryName repository, EnvironmentName environment)
    {
        if (_series.TryGetValue(NameOf(repository, environment), out var series))
        {
            return series;
        }

        if (_series.Count < options.MaxLabelSets && families.HasRoom)
        {
            return AddSeries(repository, environment);
        }

        families.DroppedSeries.Increment();
        return _series.TryGetValue((RunnerIdentity.OtherName, RunnerIdentity.OtherName), out var other) ? other : AddSeries(OtherRepository, OtherEnvironment);
    }

    private DeploymentSeries AddSeries(RepositoryName repository, EnvironmentName environment) => _series[NameOf(repository, environment)] =
        new DeploymentSeries(families, repository, environment, hasTimeline: repository != OtherRepository);

    // On GitHub neither depends on case.
    private static (string Repository, string Environment) NameOf(RepositoryName repository, EnvironmentName environment) => (repository.Lower, environment.Lower);

    private static UInt128 RepositoryKey(string serverUrl, RepositoryName repository) => KeyOf("repository", serverUrl, repository, "");

    private static UInt128 CommitKey(string serverUrl, RepositoryName repository, CommitSha sha) => KeyOf("commit", serverUrl, repository, sha);

    private static UInt128 KeyOf(string kind, string serverUrl, RepositoryName repository, string id) =>
        HorizonMap<byte>.KeyOf($"{kind}\n{GitHubServer.HostOf(serverUrl)}\n{repository.Lower}\n{id}");
}
