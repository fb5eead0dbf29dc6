using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>The log of one <c>Runner.Worker</c>, which runs one job: a method for each stage.</summary>
internal sealed class WorkerLog : IDisposable
{
    private readonly DiagnosticLog _log;
    private readonly JobPlan _job;
    private readonly WorkerIds _ids;

    public WorkerLog(LogSettings settings, TimeProvider time, JobPlan job, WorkerIds ids)
    {
        _log = settings.Open("Worker", time);
        _job = job;
        _ids = ids;
        Write("start");
    }

    /// <summary>The job message came through the pipe.</summary>
    public void Received(JobMessage message) =>
        Write("message", ("message_length", message.Length), ("message_hash", message.Hash), ("message", message.Text));

    /// <summary>Up to where actions are downloaded.</summary>
    public void Initializes() => Write("initialize", ("job_id", _job.JobId.ToString()), ("repository", _job.Repository));

    /// <summary>An action could not be had: no hook and no step runs, and no job result is logged.</summary>
    public void InitializeFailed(Elapsed setUp) => Write("initialize-failed", [("setup_step_id", _ids.SetUpStep), .. Span(setUp)]);

    /// <summary>All actions are there.</summary>
    public void Initialized(Elapsed setUp)
    {
        Write("actions-found");
        foreach (var _ in _job.Steps)
        {
            Write("action-added");
        }

        // The started hook counts as a step; 3 is what stands before the job's own in its timeline.
        var steps = _job.Steps.Count + 1;
        Write(
            "initialized",
            [
                ("post_from", (steps + 2).ToString(CultureInfo.InvariantCulture)),
                ("post_to", (2 * (steps + 1)).ToString(CultureInfo.InvariantCulture)),
                ("process_count", _ids.ProcessCount),
                ("step_count", steps.ToString(CultureInfo.InvariantCulture)),
                ("setup_step_id", _ids.SetUpStep),
                .. Span(setUp),
            ]);
    }

    /// <summary>A step's turn came.</summary>
    /// <param name="name">Its display name.</param>
    /// <param name="condition">Its condition, or null if a shutdown leaves none to be evaluated.</param>
    /// <param name="holds">What the condition came to.</param>
    public void StepConsidered(string name, string? condition, bool holds) =>
        Write("step-considered", ("step_name", name), ("condition", condition), ("condition_result", holds ? "true" : "false"));

    /// <summary>The step is not run.</summary>
    public void StepSkipped(string jobState) => Write("step-skipped", ("job_state", jobState));

    /// <summary>The hook's process runs.</summary>
    public void StartedHook(int pid) => Write("started-hook", ProcessValues(pid));

    /// <summary>The script's process runs.</summary>
    public void Script(int pid) => Write("script", [.. ProcessValues(pid), ("script_id", _ids.Next())]);

    /// <summary>The hook's process runs.</summary>
    public void CompletedHook(int pid) => Write("completed-hook", ProcessValues(pid));

    /// <summary>The worker listens for a cancel message from now on.</summary>
    public void Waits() => Write("waits");

    /// <summary>A step's process ended by itself.</summary>
    public void ProcessEnded(int pid, int exitCode, TimeSpan elapsed)
    {
        Write("process-ended", EndValues(pid, exitCode, elapsed));
        Write("summary", ("summary_id", _ids.Next()));
    }

    /// <summary>The listener says that the job is to end.</summary>
    public void CancelReceived() => Write("cancel-received");

    /// <summary>The running step's process is interrupted.</summary>
    public void StepInterrupted(int pid, string? condition) => Write("step-cancelled", ("pid", Number(pid)), ("condition", condition));

    /// <summary>The process ended when it was interrupted.</summary>
    public void InterruptHonoured() => Write("interrupt-honoured");

    /// <summary>It did not, and is told to terminate.</summary>
    public void InterruptIgnored(int pid) => Write("interrupt-ignored", ("pid", Number(pid)));

    /// <summary>It does not do that either, and is killed.</summary>
    public void TerminateIgnored() => Write("terminate-ignored");

    /// <summary>The interrupted step's process is gone.</summary>
    public void ProcessCancelled(int pid, int exitCode, TimeSpan elapsed)
    {
        Write("process-cancelled", EndValues(pid, exitCode, elapsed));
        Write("summary", ("summary_id", _ids.Next()));
        Write("cancellation-caught");
    }

    /// <summary>A step's result, its telemetry, and what it makes of the job's.</summary>
    public void StepResult(StepTelemetry step, string jobState)
    {
        var failed = step.Result == "Failed";
        Write(
            "step-result",
            ("step_result", step.Result == "Succeeded" ? string.Empty : step.Result),
            ("telemetry", step.ToJson()),
            ("outcome", step.Result),
            ("fails_job", failed ? string.Empty : null),
            ("keeps_job", failed ? null : string.Empty),
            ("job_state", jobState));
    }

    /// <summary>All steps are through: the line that says how the job ended.</summary>
    public void Finalizes(Elapsed completion, string result) => Write(
        "finalize", [("process_count", _ids.ProcessCount), ("complete_step_id", _ids.CompleteStep), ("result", result), .. Span(completion)]);

    /// <summary>Nothing more is uploaded in the background.</summary>
    public void ShutsQueueDown() => Write("queue-shutdown");

    /// <summary>The worker's last lines.</summary>
    /// <param name="records">The timeline records whose logs are uploaded.</param>
    /// <param name="byItself">False if a cancel message was received: the worker then logs nothing about completion.</param>
    public void Completes(IReadOnlyList<string> records, bool byItself)
    {
        var files = Number(records.Count + 1);
        Write("queue-stopped");
        foreach (var record in records)
        {
            Write("console-appended", ("record_id", record));
        }

        Write("console-drained", ("files", files));
        foreach (var record in records)
        {
            Write("log-uploaded", ("kind", "step"), ("timeline_id", _ids.Timeline), ("record_id", record));
        }

        Write("log-uploaded", ("kind", "job"), ("timeline_id", _ids.Timeline), ("record_id", _job.JobId.ToString()));
        Write("completed", ("files", files));
        if (byItself)
        {
            Write("job-completed");
        }
    }

    public void Dispose() => _log.Dispose();

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static (string Name, string? Value)[] Span(Elapsed elapsed) =>
    [
        ("started_at", LogTime.Exact(elapsed.From)),
        ("finished_at", LogTime.Exact(elapsed.To)),
        ("seconds", LogTime.Seconds(elapsed.To - elapsed.From)),
    ];

    private static (string Name, string? Value)[] EndValues(int pid, int exitCode, TimeSpan elapsed) =>
        [("pid", Number(pid)), ("exit_code", Number(exitCode)), ("elapsed", elapsed.ToString("c", CultureInfo.InvariantCulture))];

    private (string Name, string? Value)[] ProcessValues(int pid) =>
        [("pid", Number(pid)), ("repository_name", _job.Repository[(_job.Repository.IndexOf('/', StringComparison.Ordinal) + 1)..])];

    private void Write(string stage, params ReadOnlySpan<(string Name, string? Value)> values) => StageCatalog.Worker.Write(_log, stage, values);
}
