using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>Runners, and which record belongs to which runner.</content>
public sealed partial class FleetState
{
    private ApplyOutcome Fold(RunnerSeen seen)
    {
        var runner = Place(seen.Runner);
        var record = RecordOf(runner, seen.OccurredAt);
        if (record.NoticeLife(runner, seen.StartedAt, seen.OccurredAt) || record.Resume(runner, seen.StartedAt))
        {
            record.Describe(runner);
            record.FirstHeard(seen.OccurredAt, seen.StartedAt, Observed);
            if (seen is { State: { } state, StateAt: { } stateAt })
            {
                record.Learn(state, stateAt);
            }
        }

        Show(record);
        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerStopped stopped)
    {
        var runner = Place(stopped.Runner);
        var record = RecordOf(runner, stopped.OccurredAt);
        if (record.NoticeLife(runner, null, stopped.OccurredAt))
        {
            record.Stop(stopped.OccurredAt, stopped.IsRefusedVersion);
            Show(record);
            if (record is { Identity.Ephemeral: true, OpenJobs.Count: 0, IsRefused: false })
            {
                RememberDeparted(record.Identity, stopped.OccurredAt);
                Forget(record);
            }
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerSilent silent)
    {
        // A runner may have been heard between the decision and now.
        if (_runners.TryGetValue(new RunnerKey(silent.RunnerScope, silent.RunnerName, silent.RunnerType), out var record)
            && !(record.HeardAt >= silent.Observed))
        {
            Learn(silent.Observed);
            record.FallSilent(silent.Observed);
            Show(record);
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(RunnerForgotten forgotten)
    {
        // It may have been heard, or have begun a job, between the decision and now.
        if (_runners.TryGetValue(new RunnerKey(forgotten.RunnerScope, forgotten.RunnerName, forgotten.RunnerType), out var record)
            && record.OpenJobs.Count == 0 && !(record.HeardAt >= forgotten.Observed))
        {
            Forget(record);
            if (record.Gauges is not null)
            {
                _forgottenErrors.Keep(record.Identity.Type, record.Jobs);
            }
        }

        return ApplyOutcome.Accepted;
    }

    private ApplyOutcome Fold(TimeObserved observed)
    {
        Since ??= observed.OccurredAt - observed.Observed;
        Learn(observed.Observed);
        return ApplyOutcome.Accepted;
    }

    // A decision also has the observed time: time after the last note is not counted a second time.
    private void Learn(TimeSpan observed) => Observed = observed > Observed ? observed : Observed;

    /// <summary>A runner with its scope: if it has none, but its life has a known scope, it is that one.</summary>
    private RunnerIdentity Place(RunnerIdentity runner)
    {
        if (runner.Scope.Length > 0 || _runners.ContainsKey(RunnerKey.Of(runner)) || !_namesakes.TryGetValue(runner.Name, out var namesakes))
        {
            return runner;
        }

        var same = namesakes.Where(known => known.HasAgent && known.Identity.Type == runner.Type && (runner.InstanceId.Length == 0 || known.HasHadLife(runner.InstanceId)));
        return same.Take(2).ToArray() is [var only] ? runner.InScope(only.Identity.Scope) : runner;
    }

    // The record of a runner with an agent.
    private RunnerRecord RecordOf(RunnerIdentity runner, DateTimeOffset at)
    {
        _runners.TryGetValue(RunnerKey.Of(runner), out var known);
        if (runner.Ephemeral && known is { HasAgent: false, Gauges: not null })
        {
            Share(known);
        }

        var unplaced = runner.Scope.Length > 0 && known is not { HasAgent: true } ? _runners.GetValueOrDefault(RunnerKey.Of(runner) with { Scope = "" }) : null;
        var record = FindOrMake(runner, at);
        if (unplaced is { HasAgent: true } && unplaced.MayBe(runner))
        {
            Move(unplaced, record);
        }

        record.HasAgent = true;
        return record;
    }

    // A scope that becomes known late: the same runner, with its full identity. Its counts move with it, and nothing is left behind.
    private void Move(RunnerRecord unplaced, RunnerRecord record)
    {
        if (unplaced.Gauges is not null)
        {
            record.Jobs.Add(unplaced.Jobs);
        }

        record.Continue(unplaced);
        Forget(unplaced);
    }

    private RunnerRecord FindOrMake(RunnerIdentity runner, DateTimeOffset at)
    {
        var key = RunnerKey.Of(runner);
        if (_runners.TryGetValue(key, out var record) && record is { HasAgent: false, Identity.Ephemeral: true } && !runner.Ephemeral)
        {
            // It is known only from GitHub, and may be ephemeral.
            Forget(record);
            record = null;
        }

        if (record is null)
        {
            Add(record = NewRecord(runner));
        }

        record.Mention(at, Observed);
        return record;
    }

    private RunnerRecord NewRecord(RunnerIdentity runner)
    {
        if (runner.Ephemeral)
        {
            return Shared(runner);
        }

        if (_ownSeries < _options.MaxRunners && _families.HasRoom)
        {
            _ownSeries++;
            return WithOwnSeries(runner);
        }

        _families.DroppedSeries.Increment();
        return Shared(runner);
    }

    private RunnerRecord Shared(RunnerIdentity runner) => new(runner, _shared.For(runner), null, _openJobBytes);

    private void Add(RunnerRecord record)
    {
        _runners[RunnerKey.Of(record.Identity)] = record;
        if (!_namesakes.TryGetValue(record.Identity.Name, out var namesakes))
        {
            _namesakes[record.Identity.Name] = namesakes = [];
        }

        namesakes.Add(record);
    }

    private void Forget(RunnerRecord record)
    {
        // If others are counted with it, its series stay.
        record.OpenReasons.ForEach(open => record.Jobs.CountFailure(open.GitHubs));
        record.OpenJobs.Clear();
        _states.Remove(record);
        _runners.Remove(RunnerKey.Of(record.Identity));
        var namesakes = _namesakes[record.Identity.Name];
        namesakes.Remove(record);
        if (namesakes.Count == 0)
        {
            _namesakes.Remove(record.Identity.Name);
        }

        if (record.Gauges is { } gauges)
        {
            _ownSeries--;
            gauges.Remove();
            record.Jobs.Remove();
        }
    }

    // GitHub reported it before its agent reported it as ephemeral: its counts move to those of all ephemeral runners, and nothing is lost.
    private void Share(RunnerRecord record)
    {
        _shared.For(record.Identity.AsEphemeral()).Add(record.Jobs);
        Forget(record);
    }

    private void Show(RunnerRecord record)
    {
        record.Gauges?.Show(record);
        _states.Update(record);
    }
}
