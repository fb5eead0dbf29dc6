using System.Buffers.Text;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>What one worker process, and so one job, wrote into the worker's logs.</summary>
internal sealed class WorkerSection(DateTimeOffset startedAt)
{
    private bool _inMessage;
    private bool _isOver;

    public DateTimeOffset StartedAt { get; } = startedAt;

    /// <summary>Whether the job message has been read, or the worker continued without one that could be.</summary>
    public bool IsIdentified { get; private set; }

    public Guid? JobId { get; private set; }

    public JobMessage Message { get; } = new();

    public StepWatch Steps { get; } = new();

    /// <summary>The worker's own word for the job's result, and when it said so: before it tells GitHub.</summary>
    public RunnerResult? Result { get; private set; }

    public DateTimeOffset? ResultAt { get; private set; }

    /// <summary>Whether the worker came to its end, so that GitHub was told the result.</summary>
    public bool IsCompleted { get; private set; }

    /// <summary>What went wrong after the last step, if the runner and not the job failed: GitHub refused the result, or did not get the outputs.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether GitHub refused the result, which the worker's exit code does not show.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>
    /// From when on nothing counts. The next worker writes to the same file if both open a page within one second.
    /// </summary>
    public DateTimeOffset? Until { get; set; }

    public void Read(in LogLine line)
    {
        _isOver |= line.Time > Until;
        if (_isOver)
        {
            return;
        }

        if (_inMessage)
        {
            // Names are escaped in the message, so no genuine line of the log can stand inside it but the one that ends a damaged one.
            if (!line.Component.SequenceEqual("JobRunner"u8) || !line.Text.StartsWith("Job ID "u8))
            {
                return;
            }

            EndMessage();
        }

        Steps.EndTelemetry();
        if (line.Component.SequenceEqual("StepsRunner"u8))
        {
            // Step names, conditions and scripts hold any text, this log's lines too. The genuine result comes after the last step.
            Result = null;
            ResultAt = null;
            IsCompleted = IsRefused = false;
            Fault = null;
            Steps.ReadStep(line);
        }
        else if (line.Component.SequenceEqual("ExecutionContext"u8))
        {
            Steps.ReadContext(line.Text);
        }
        else if (line.Component.SequenceEqual("JobRunner"u8))
        {
            ReadJobRunner(line);
        }
        else if (line.Component.SequenceEqual("Worker"u8))
        {
            _inMessage = !IsIdentified && line.Text.StartsWith("Job message:"u8);
            IsCompleted |= line.Text.SequenceEqual("Job completed."u8);
        }
    }

    public void ReadContinuation(ReadOnlySpan<byte> line)
    {
        if (_isOver)
        {
            return;
        }

        if (!_inMessage)
        {
            Steps.ReadContinuation(line);
        }
        else if (line is [(byte)'}', ..])
        {
            EndMessage();
        }
        else
        {
            Message.Read(line);
        }
    }

    private void EndMessage()
    {
        _inMessage = false;
        JobId = Message.JobId;
        IsIdentified = JobId is not null;
    }

    private void ReadJobRunner(in LogLine line)
    {
        if (!IsIdentified && line.Text.StartsWith("Job ID "u8) && Utf8Parser.TryParse(line.Text["Job ID "u8.Length..], out Guid id, out _))
        {
            JobId = id;
            IsIdentified = true;
        }
        else if (line.Text.StartsWith("Job result after all job steps finish: "u8))
        {
            // actions/runner 2.336.0, JobRunner.cs: Job result after all job steps finish: Succeeded
            var word = line.Text["Job result after all job steps finish: "u8.Length..];
            if (ParseResult(word) is { } result)
            {
                Result = result;
                ResultAt = line.Time;
            }
        }
        else
        {
            ReadFault(line.Text);
        }
    }

    // actions/runner, JobRunner.cs, CompleteJobAsync and RunAsync. What is tried again ("Catch exception while attempting to …") may work then.
    private void ReadFault(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("Exception received, while attempting to raise JobCompletedEvent"u8) > 0)
        {
            IsRefused = true;
            Fault = "GitHub no longer knew the job when it was to be completed";
        }
        else if (text.StartsWith("Catch exception while attempting to "u8))
        {
            Fault ??= "GitHub did not accept the job's completion";
        }
        else if (text.StartsWith("This indicate a failure during publish output variables."u8))
        {
            Fault = "the job's outputs could not be published";
        }
        else if (text.StartsWith("Caught exception from job steps "u8))
        {
            Fault = "the runner failed while it ran the steps";
        }
    }

    /// <summary>One of the runner's results by its name.</summary>
    public static RunnerResult? ParseResult(ReadOnlySpan<byte> word)
    {
        var text = word.Trim((byte)' ');
        if (text.Length is 0 or > 32 || !char.IsAsciiLetter((char)text[0]))
        {
            return null;
        }

        return Enum.TryParse<RunnerResult>(Encoding.UTF8.GetString(text), out var result) ? result : null;
    }
}
