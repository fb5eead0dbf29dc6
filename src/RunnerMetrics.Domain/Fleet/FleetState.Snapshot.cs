using Google.Protobuf;
using RunnerMetrics.Domain.Runners;

namespace RunnerMetrics.Domain.Fleet;

/// <content>The state as a whole, for a snapshot: the result of the fold over all events, without the events.</content>
public sealed partial class FleetState
{
    /// <summary>Of the messages in <c>fleet_state.proto</c>.</summary>
    private const int StateVersion = 1;

    /// <summary>The earliest version that can read what this one writes.</summary>
    private const int MinimumReaderVersion = 1;

    private const int BufferLength = 1 << 16;

    /// <summary>How many runners of a state were dropped when it was read, because the limits are lower than before.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Writes the state, a piece at a time. No events may be folded meanwhile; scrapes may continue.</summary>
    public void Save(Stream stream)
    {
        using var output = new CodedOutputStream(stream, BufferLength, leaveOpen: true);
        output.WriteMessage(new Saved.Piece { Header = new Saved.Header { Version = StateVersion, MinimumReaderVersion = MinimumReaderVersion } });
        Write(output, _seenEvents.Save(table => new Saved.Piece { SeenEvents = table }, keys => new Saved.Piece { SeenEventKeys = keys }));
        Write(output, _jobs.Ended.Save(table => new Saved.Piece { EndedJobs = table }, keys => new Saved.Piece { EndedJobKeys = keys }));
        using (_registry.Gate.Enter())
        {
            output.WriteMessage(new Saved.Piece { Time = new Saved.Time { ObservedTicks = Observed.Ticks, WaitsAreMeasured = _families.WaitsAreMeasured, Since = Since.Save() } });
            Write(output, _senders.TakeStock().Select(sender => new Saved.Piece
            {
                Sender = new Saved.Sender { Id = sender.Id, LastAt = sender.LastAt.Save(), Settled = { sender.Settled.SelectMany(range => (ulong[])[range.From, range.To]) } },
            }));
            Write(output, _workflowJobs.Save());
            Write(output, _join.Save());
            Write(output, _queued.Save());
            Write(output, SavePolled());
            Write(output, _workflows.Save());
            Write(output, _runs.Save());
            Write(output, _forgottenErrors.Save());
            Write(output, _deployments.Save());
            Write(output, _states.Save());
            Write(output, _shared.Save());
            Write(output, _unknownCacheLines.Save());
            Write(output, _runners.Values.Select(record => new Saved.Piece { Runner = Save(record) }));
            Write(output, _departed.Entries.Select(entry => new Saved.Piece
            {
                DepartedRunners = new Saved.DepartedRunners { Key = entry.Key.Save(), Day = entry.Day, Runners = { entry.Value.Select(SavedValues.Save) } },
            }));
            output.WriteMessage(new Saved.Piece
            {
                End = new Saved.End { DroppedSeries = _families.DroppedSeries.Value, ImplausibleCacheReports = _families.CacheReportsImplausible.Value },
            });
        }
    }

    /// <summary>Reads what <see cref="Save(Stream)"/> wrote into an empty fleet.</summary>
    /// <exception cref="InvalidDataException">It was written by a version whose state this one does not know, or is none.</exception>
    public void Load(Stream stream)
    {
        using var input = new CodedInputStream(stream, leaveOpen: true);
        try
        {
            using (_registry.Gate.Enter())
            {
                CheckVersion(Read(input).Header);
                var piece = Read(input);
                for (; piece.KindCase != Saved.Piece.KindOneofCase.End; piece = Read(input))
                {
                    Load(piece);
                }

                // Last: making the series again counts again what was dropped then.
                _families.DroppedSeries.AdvanceTo(piece.End.DroppedSeries);
                _families.CacheReportsImplausible.AdvanceTo(piece.End.ImplausibleCacheReports);
                _families.RestoreOrder();
                if (!input.IsAtEnd)
                {
                    throw new InvalidDataException("the state goes on behind its end");
                }
            }
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw new InvalidDataException($"the state cannot be read ({e.Message}): run the version that wrote it, or restore a backup", e);
        }
    }

    private static void Write(CodedOutputStream output, IEnumerable<Saved.Piece> pieces)
    {
        foreach (var piece in pieces)
        {
            output.WriteMessage(piece);
        }
    }

    private static Saved.Piece Read(CodedInputStream input)
    {
        var piece = new Saved.Piece();
        input.ReadMessage(piece);
        return piece;
    }

    private static void CheckVersion(Saved.Header? header)
    {
        if (header is not { Version: > 0 })
        {
            throw new InvalidDataException("the state does not say which version it has: run the version that wrote it, or begin with an empty data folder");
        }

        if (header.MinimumReaderVersion > StateVersion)
        {
            throw new InvalidDataException(
                $"the state has version {header.Version}, which versions from {header.MinimumReaderVersion} on can read, and this program supports {StateVersion}: run the version that wrote it, or a later one");
        }
    }

    private static Saved.Runner Save(RunnerRecord record)
    {
        var saved = record.Save();
        saved.OwnSeries = record.Gauges is { } gauges ? new Saved.OwnSeries { Jobs = record.Jobs.Save(), Gauges = gauges.Save() } : null;
        return saved;
    }

    private void Load(Saved.Piece piece)
    {
        switch (piece.KindCase)
        {
            case Saved.Piece.KindOneofCase.SeenEvents: _seenEvents.Load(piece.SeenEvents); break;
            case Saved.Piece.KindOneofCase.SeenEventKeys: _seenEvents.Load(piece.SeenEventKeys); break;
            case Saved.Piece.KindOneofCase.EndedJobs: _jobs.Ended.Load(piece.EndedJobs); break;
            case Saved.Piece.KindOneofCase.EndedJobKeys: _jobs.Ended.Load(piece.EndedJobKeys); break;
            case Saved.Piece.KindOneofCase.Time: Load(piece.Time); break;
            case Saved.Piece.KindOneofCase.Sender: Load(piece.Sender); break;
            case Saved.Piece.KindOneofCase.WorkflowJob: _workflowJobs.Load(piece.WorkflowJob); break;
            case Saved.Piece.KindOneofCase.CountedAs: _join.Counted.Load(piece.CountedAs); break;
            case Saved.Piece.KindOneofCase.AgentsCheckRuns: _join.AgentsJobs.Load(piece.AgentsCheckRuns); break;
            case Saved.Piece.KindOneofCase.GitHubsCheckRuns: _join.GitHubsJobs.Load(piece.GitHubsCheckRuns); break;
            case Saved.Piece.KindOneofCase.RunSightings: _join.Load(piece.RunSightings); break;
            case Saved.Piece.KindOneofCase.QueuedType: _queued.Load(piece.QueuedType); break;
            case Saved.Piece.KindOneofCase.QueuedJob: _queued.Load(piece.QueuedJob); break;
            case Saved.Piece.KindOneofCase.Polled: Load(piece.Polled); break;
            case Saved.Piece.KindOneofCase.WorkflowSeries: _workflows.Load(piece.WorkflowSeries); break;
            case Saved.Piece.KindOneofCase.RunSeries: _runs.Load(piece.RunSeries); break;
            case Saved.Piece.KindOneofCase.ForgottenErrors: _forgottenErrors.Load(piece.ForgottenErrors); break;
            case Saved.Piece.KindOneofCase.DeploymentSeries: _deployments.Load(piece.DeploymentSeries); break;
            case Saved.Piece.KindOneofCase.Deployment: _deployments.Load(piece.Deployment); break;
            case Saved.Piece.KindOneofCase.Incident: _deployments.Load(piece.Incident); break;
            case Saved.Piece.KindOneofCase.ShippedCommits: _deployments.LoadShipped(piece.ShippedCommits); break;
            case Saved.Piece.KindOneofCase.CommitTimes: _deployments.Load(piece.CommitTimes); break;
            case Saved.Piece.KindOneofCase.AwaitedCommit: _deployments.Load(piece.AwaitedCommit); break;
            case Saved.Piece.KindOneofCase.ToldRepository: _deployments.Load(piece.ToldRepository); break;
            case Saved.Piece.KindOneofCase.StateGauges: _states.Load(piece.StateGauges); break;
            case Saved.Piece.KindOneofCase.SharedSeries: _shared.Load(piece.SharedSeries); break;
            case Saved.Piece.KindOneofCase.UnknownCacheLines: _unknownCacheLines.Load(piece.UnknownCacheLines); break;
            case Saved.Piece.KindOneofCase.Runner: Load(piece.Runner); break;
            case Saved.Piece.KindOneofCase.DepartedRunners: Load(piece.DepartedRunners); break;
            default: break; // What a later version added, and this one may leave out.
        }
    }

    private void Load(Saved.Time saved) => (Observed, _families.WaitsAreMeasured, Since) = (TimeSpan.FromTicks(saved.ObservedTicks), saved.WaitsAreMeasured, saved.Since.Load());

    private void Load(Saved.Sender saved) => _senders.Restore(
        saved.Id, saved.LastAt.LoadOrNever(), Enumerable.Range(0, saved.Settled.Count / 2).Select(i => (saved.Settled[2 * i], saved.Settled[(2 * i) + 1])));

    private void Load(Saved.DepartedRunners saved) => _departed.Restore(saved.Key.Load(), saved.Day, [.. saved.Runners.Select(SavedValues.Load)]);

    private void Load(Saved.Runner saved)
    {
        var identity = saved.Identity.Load();
        var record = saved.OwnSeries is null ? Shared(identity) : WithOwnSeries(identity);
        record.Load(saved);
        if (saved.OwnSeries is { } own)
        {
            record.Jobs.Load(own.Jobs);
        }

        if (_runners.Count >= _options.MaxRunnerRecords)
        {
            LeaveOut(record);
            return;
        }

        Add(record);
        Show(record);
        if (record.Gauges is { } gauges)
        {
            _ownSeries++;
            gauges.Load(saved.OwnSeries!.Gauges);
        }
    }

    // The limit is lower than before: the runner's counts continue under another name, and it counts as a new runner when it reports again.
    private void LeaveOut(RunnerRecord record)
    {
        if (record.Gauges is { } gauges)
        {
            _shared.For(record.Identity, RunnerIdentity.OtherName).Add(record.Jobs);
            gauges.Remove();
            record.Jobs.Remove();
        }

        record.OpenJobs.Clear();
        LeftOut++;
    }

    private RunnerRecord WithOwnSeries(RunnerIdentity runner)
    {
        var labels = RunnerKey.Of(runner).Labels;
        return new RunnerRecord(runner, new JobSeries(_families, labels, withGauges: true), new RunnerGauges(_families, labels), _openJobBytes);
    }
}
