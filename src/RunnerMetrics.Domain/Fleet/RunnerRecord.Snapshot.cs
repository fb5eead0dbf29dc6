using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>What is known of a runner, in a snapshot.</content>
internal sealed partial class RunnerRecord
{
    /// <summary>All but its series.</summary>
    public Saved.Runner Save()
    {
        var saved = new Saved.Runner
        {
            Identity = Identity.Save(),
            HasAgent = HasAgent,
            StartedAt = StartedAt.Save(),
            LastHeard = LastHeard.Save(),
            LastMentioned = LastMentioned.Save(),
            State = (int)(State ?? 0),
            StateAt = _stateAt.Save(),
            LastJobEnd = _lastJobEnd.Save(),
            StoppedAt = _stoppedAt.Save(),
            DisconnectedSince = _disconnectedSince.Save(),
            IsRefused = _isRefused,
            MentionedAtTicks = MentionedAt.Ticks,
            EventsLost = _eventsLost,
            CacheRequests = _cacheRequests,
            EarlierLives = { _earlierLives },
            OpenJobs = { OpenJobs.Select(SavedValues.Save) },
            OpenReasons = { OpenReasons.Select(open => new Saved.OpenReason { Job = open.Key.Save(), GitHubs = (int)open.GitHubs, SinceTicks = open.Since.Ticks }) },
        };
        if (HeardAt is { } heard)
        {
            saved.HeardAtTicks = heard.Ticks;
        }

        if (SilentSince is { } silent)
        {
            saved.SilentSinceTicks = silent.Ticks;
        }

        return saved;
    }

    /// <summary>Continues with what <see cref="Save"/> gave, under its own identity and in its own series.</summary>
    public void Load(Saved.Runner saved)
    {
        HasAgent = saved.HasAgent;
        StartedAt = saved.StartedAt.Load();
        LastHeard = saved.LastHeard.Load();
        LastMentioned = saved.LastMentioned.LoadOrNever();
        State = saved.State > 0 ? (RunnerState)saved.State : null;
        _stateAt = saved.StateAt.LoadOrNever();
        _lastJobEnd = saved.LastJobEnd.LoadOrNever();
        _stoppedAt = saved.StoppedAt.Load();
        _disconnectedSince = saved.DisconnectedSince.Load();
        _isRefused = saved.IsRefused;
        HeardAt = saved.HasHeardAtTicks ? TimeSpan.FromTicks(saved.HeardAtTicks) : null;
        SilentSince = saved.HasSilentSinceTicks ? TimeSpan.FromTicks(saved.SilentSinceTicks) : null;
        MentionedAt = TimeSpan.FromTicks(saved.MentionedAtTicks);
        _eventsLost = saved.EventsLost;
        _cacheRequests = saved.CacheRequests;
        foreach (var life in saved.EarlierLives)
        {
            _earlierLives.Enqueue(life);
        }

        foreach (var job in saved.OpenJobs)
        {
            OpenJobs.Add(job.Load());
        }

        OpenReasons.AddRange(saved.OpenReasons.Select(open => new OpenReason(open.Job.Load(), (JobFailureReason)open.GitHubs, TimeSpan.FromTicks(open.SinceTicks))));
    }
}
