using RunnerMetrics.Domain.Runners;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>The gauges of one runner: only a runner that is not ephemeral, and within the limit, has them.</summary>
internal sealed class RunnerGauges(FleetFamilies families, Labels runner)
{
    private readonly Gauge _status = families.Status.AddGauge(runner);
    private readonly Gauge _busy = families.Busy.AddGauge(runner);
    private readonly Gauge _startTime = families.StartTime.AddGauge(runner);
    private readonly Gauge _uptime = families.Uptime.AddGauge(runner);
    private readonly Gauge _lastHeartbeat = families.LastHeartbeat.AddGauge(runner);
    private readonly Gauge _unresolved = families.Unresolved.AddGauge(runner);
    private readonly Gauge _jobStartTime = families.JobStartTime.AddGauge(runner);
    private Gauge? _info;
    private string _version = "";

    /// <summary>Shows only what is known of the runner.</summary>
    public void Show(RunnerRecord record)
    {
        var online = record.IsOnline;
        _status.Set(record.IsLivenessKnown ? (online && record.State != RunnerState.Disconnected ? 1 : 0) : null);
        _busy.Set(record.IsLivenessKnown ? (record.IsBusy ? 1 : 0) : null);
        _startTime.Set(Seconds(record.StartedAt));
        _lastHeartbeat.Set(Seconds(record.LastHeard));
        _unresolved.Set(record.HasAgent ? record.UnresolvedJobs : null);
        _jobStartTime.Set(record.IsBusy ? Seconds(record.RunningJob?.StartedAt) : null);
        ShowVersion(record.Identity.Version);
        if (!online)
        {
            _uptime.Set(null);
        }
    }

    public void ShowUptime(RunnerRecord record, DateTimeOffset now) =>
        _uptime.Set(record.IsOnline && record.StartedAt is { } start ? Math.Max(0, Math.Floor((now - start).TotalSeconds)) : null);

    public Saved.RunnerGauges Save()
    {
        var saved = new Saved.RunnerGauges
        {
            Status = (uint)_status.Index,
            Busy = (uint)_busy.Index,
            StartTime = (uint)_startTime.Index,
            Uptime = _uptime.Save(),
            LastHeartbeat = (uint)_lastHeartbeat.Index,
            Unresolved = (uint)_unresolved.Index,
            JobStartTime = (uint)_jobStartTime.Index,
        };
        if (_info is not null)
        {
            saved.Info = (uint)_info.Index;
        }

        return saved;
    }

    /// <summary>Takes the places that the gauges had; what they show is shown already.</summary>
    public void Load(Saved.RunnerGauges saved)
    {
        _status.EarlierIndex = (int)saved.Status;
        _busy.EarlierIndex = (int)saved.Busy;
        _startTime.EarlierIndex = (int)saved.StartTime;
        _uptime.Load(saved.Uptime);
        _lastHeartbeat.EarlierIndex = (int)saved.LastHeartbeat;
        _unresolved.EarlierIndex = (int)saved.Unresolved;
        _jobStartTime.EarlierIndex = (int)saved.JobStartTime;
        if (_info is not null)
        {
            _info.EarlierIndex = (int)saved.Info;
        }
    }

    public void Remove()
    {
        families.Status.Remove(_status);
        families.Busy.Remove(_busy);
        families.StartTime.Remove(_startTime);
        families.Uptime.Remove(_uptime);
        families.LastHeartbeat.Remove(_lastHeartbeat);
        families.Unresolved.Remove(_unresolved);
        families.JobStartTime.Remove(_jobStartTime);
        if (_info is not null)
        {
            families.Info.Remove(_info);
        }
    }

    private static double? Seconds(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds() / 1000.0;

    private void ShowVersion(string version)
    {
        if (version == _version)
        {
            return;
        }

        _version = version;
        if (_info is not null)
        {
            families.Info.Remove(_info);
        }

        _info = version.Length == 0 ? null : families.Info.AddGauge(runner.With(new LabelPair("version", version)));
        _info?.Set(1);
    }
}
