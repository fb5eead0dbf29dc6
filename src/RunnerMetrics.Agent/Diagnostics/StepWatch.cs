using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Finds which step failed first. The step's telemetry says what kind of step it was, in JSON over several lines, before
/// <c>[2026-11-21 00:22:54Z INFO StepsRunner] Update job result with current step result 'Failed'.</c> says that it counted.
/// </summary>
internal sealed class StepWatch
{
    private bool _inTelemetry;
    private string? _type;
    private string? _stage;
    private JobFailureReason _byName = JobFailureReason.Job;

    /// <summary>Whether the job reached its steps.</summary>
    public bool StepsRan { get; private set; }

    /// <summary>When the job's own first step began, after what the runner sets up.</summary>
    public DateTimeOffset? OwnStepsStartedAt { get; private set; }

    public JobFailureReason? FirstFailure { get; private set; }

    public DateTimeOffset? FirstFailureAt { get; private set; }

    /// <summary>Set if the runner failed after the last step: that fails the job without a line of StepsRunner.</summary>
    public JobFailureReason? FinalizationFailure { get; private set; }

    /// <summary>A message of ExecutionContext.</summary>
    public void ReadContext(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("Publish step telemetry for current step {"u8))
        {
            _inTelemetry = true;
            _type = _stage = null;
        }
    }

    /// <summary>A message of StepsRunner.</summary>
    public void ReadStep(in LogLine line)
    {
        if (line.Text.StartsWith("Processing step: DisplayName='"u8))
        {
            StepsRan = true;
            _type = _stage = null;
            _byName = NameReason(line.Text["Processing step: DisplayName='"u8.Length..]);
            // After a failure the steps are named too, and skipped.
            OwnStepsStartedAt ??= _byName == JobFailureReason.Job && FirstFailure is null ? line.Time : null;
        }
        else if (line.Text.StartsWith("Update job result with current step result 'Failed'"u8) && FirstFailure is null)
        {
            FirstFailure = TelemetryReason() ?? _byName;
            FirstFailureAt = line.Time;
        }
    }

    /// <summary>A line that continues a message.</summary>
    public void ReadContinuation(ReadOnlySpan<byte> line)
    {
        if (!_inTelemetry)
        {
            return;
        }

        if (line is [(byte)'}', ..])
        {
            _inTelemetry = false;
        }
        else if (JsonText.Indent(line) == 2 && JsonText.TryProperty(line[2..], out var key, out var value))
        {
            if (key.SequenceEqual("type"u8))
            {
                _type = JsonText.Unmasked(value);
            }
            else if (key.SequenceEqual("stage"u8))
            {
                _stage = JsonText.Unmasked(value);
            }
            else if (key.SequenceEqual("result"u8) && value.SequenceEqual("\"failed\""u8))
            {
                NoteFinalization();
            }
        }
    }

    /// <summary>Another message began: telemetry that was not closed is over.</summary>
    public void EndTelemetry() => _inTelemetry = false;

    private void NoteFinalization()
    {
        if (_type == "runner" && _stage == "Post")
        {
            FinalizationFailure = JobFailureReason.Runner;
        }
    }

    private JobFailureReason? TelemetryReason() => (_type, _stage) switch
    {
        (null, _) => null,
        ("runner", "Pre") => JobFailureReason.Setup,
        ("runner", "Post") => JobFailureReason.Runner,
        _ => JobFailureReason.Job,
    };

    // A step's display name is chosen by its author, so it is used only if there is no telemetry, and "set up" only before the first own step.
    private JobFailureReason NameReason(ReadOnlySpan<byte> name)
    {
        if (OwnStepsStartedAt is null && (name.StartsWith("Set up runner'"u8) || name.StartsWith("Initialize containers'"u8)))
        {
            return JobFailureReason.Setup;
        }

        return name.StartsWith("Complete runner'"u8) || name.StartsWith("Stop containers'"u8) ? JobFailureReason.Runner : JobFailureReason.Job;
    }
}
