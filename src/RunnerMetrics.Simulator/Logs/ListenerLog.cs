using System.Globalization;
using RunnerMetrics.Simulator.Load;

namespace RunnerMetrics.Simulator.Logs;

/// <summary>The log of one life of <c>Runner.Listener</c>, a method for each stage of that life.</summary>
internal sealed class ListenerLog : IDisposable
{
    private readonly DiagnosticLog _log;
    private readonly TimeProvider _time;
    private readonly bool _ephemeral;
    private readonly string _sessionId;
    private readonly Random _random;

    public ListenerLog(LogSettings settings, TimeProvider time, string runnerName, long runnerId, bool ephemeral, int seed)
    {
        _log = settings.Open("Runner", time);
        _time = time;
        _ephemeral = ephemeral;
        _random = new Random(seed);
        _sessionId = SeededGuid.Next(_random);
        var id = runnerId.ToString(CultureInfo.InvariantCulture);
        var settingsLength = 239 + id.Length + (2 * runnerName.Length) + (ephemeral ? 18 : 0);
        Write(
            "start",
            ("now", LogTime.Second(time.GetUtcNow())),
            ("runner_name", runnerName),
            ("runner_id", id),
            ("settings_length", settingsLength.ToString(CultureInfo.InvariantCulture)),
            ("ephemeral_setting", ephemeral ? "\n  \"Ephemeral\": true," : string.Empty));
    }

    /// <summary>A job came in: the runner is busy.</summary>
    public void JobReceived(JobPlan job, Guid? previousJob) => Write(
        "job-received",
        ("runner_request_id", SeededGuid.Next(_random)),
        ("request_id", job.RequestId.ToString(CultureInfo.InvariantCulture)),
        ("plan_id", job.PlanId.ToString()),
        ("job_id", job.JobId.ToString()),
        ("orchestration_id", job.OrchestrationId),
        ("ephemeral", Flag(_ephemeral)),
        ("previous_job_id", previousJob?.ToString()));

    /// <summary>The job runs from here on, by the reckoning of everybody who reads this log.</summary>
    public void JobRunning(JobPlan job, JobMessage message, int workerPid) => Write(
        "job-running",
        ("now", LogTime.Second(_time.GetUtcNow())),
        ("job_name", job.DisplayName),
        ("job_id", job.JobId.ToString()),
        ("request_id", job.RequestId.ToString(CultureInfo.InvariantCulture)),
        ("ephemeral", Flag(_ephemeral)),
        ("valid_till", LogTime.American(_time.GetUtcNow().AddMinutes(10))),
        ("worker_pid", workerPid.ToString(CultureInfo.InvariantCulture)),
        ("pipe_out", "152"),
        ("pipe_in", "155"),
        ("message_length", message.Length),
        ("message_hash", message.Hash));

    /// <summary>Once a minute while a job runs.</summary>
    public void JobRenewed(JobPlan job) => Write(
        "job-renewed", ("job_id", job.JobId.ToString()), ("valid_till", LogTime.American(_time.GetUtcNow().AddMinutes(10))));

    /// <summary>GitHub asks for the running job to be cancelled.</summary>
    public void CancelReceived(JobPlan job) => Write("cancel-received", ("job_id", job.JobId.ToString()));

    /// <summary>The worker is told to stop.</summary>
    public void CancelSent(JobPlan job) => Write("cancel-sent", ("job_id", job.JobId.ToString()));

    /// <summary>The worker is gone and GitHub was told a result.</summary>
    public void JobFinished(JobPlan job, int workerPid, int exitCode, TimeSpan elapsed, string result, bool toldToStop) => Write(
        "job-finished",
        ("now", LogTime.Second(_time.GetUtcNow())),
        ("job_name", job.DisplayName),
        ("job_id", job.JobId.ToString()),
        ("worker_pid", workerPid.ToString(CultureInfo.InvariantCulture)),
        ("exit_code", exitCode.ToString(CultureInfo.InvariantCulture)),
        ("elapsed", elapsed.ToString("c", CultureInfo.InvariantCulture)),
        ("result", result),
        ("worker_ended_itself", Flag(!toldToStop)),
        ("worker_crashed", Flag(exitCode is < 100 or > 104)));

    /// <summary>The runner is free again; an ephemeral one is done.</summary>
    public void Online()
    {
        Write("online", ("ephemeral", Flag(_ephemeral)));
        PollCancelled(busy: true);
        Write(_ephemeral ? "poll-ended" : "poll-again");
    }

    /// <summary>The process was told to stop: no more messages are asked for.</summary>
    public void StopsListening(bool busy)
    {
        PollCancelled(busy);
        Write("poll-ended");
    }

    /// <summary>The dispatcher looks after a job that still runs, or whose end it has not noted yet.</summary>
    public void DispatcherShutsDown(Guid? job) => Write("dispatcher-shutdown", ("job_id", job?.ToString()));

    /// <summary>The dispatcher found that job finished.</summary>
    public void JobProcessed(Guid job) => Write("job-processed", ("job_id", job.ToString()));

    /// <summary>An ephemeral runner's job is done, and so is its message loop.</summary>
    public void OneTimeDone() => Write("one-time-done");

    /// <summary>The last lines of a listener that ends as it should.</summary>
    /// <param name="exitCode">What the job's result made of it; null if the process was told to stop.</param>
    public void Exits(int? exitCode)
    {
        Write("session-deleted");
        if (exitCode is not null)
        {
            Write("config-removed");
        }

        Write("exit", ("last_words", exitCode is null
            ? "Runner execution been cancelled."
            : string.Create(CultureInfo.InvariantCulture, $"Runner execution has finished with return code {exitCode}")));
    }

    public void Dispose() => _log.Dispose();

    private static string? Flag(bool holds) => holds ? string.Empty : null;

    private void PollCancelled(bool busy) => Write(
        "poll-cancelled",
        ("session_id", _sessionId),
        ("status", busy ? "Busy" : "Online"),
        ("back_off", (5 + (10 * _random.NextDouble())).ToString("0.###", CultureInfo.InvariantCulture)));

    private void Write(string stage, params ReadOnlySpan<(string Name, string? Value)> values) => StageCatalog.Listener.Write(_log, stage, values);
}
