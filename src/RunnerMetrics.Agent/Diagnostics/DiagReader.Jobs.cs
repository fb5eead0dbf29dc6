using System.Buffers.Text;
using System.Globalization;
using RunnerMetrics.Domain.Jobs;

namespace RunnerMetrics.Agent.Diagnostics;

/// <content>A job's course in the listener's log, as actions/runner 2.336.0, JobDispatcher.cs, RunAsync writes it.</content>
internal sealed partial class DiagReader
{
    private void ReadJobDispatcher(in LogLine line)
    {
        var text = line.Text;
        if (JobRequest.Parse(text) is { } request)
        {
            Hold();
            Connected();
            _request = request;
        }
        else if (text.StartsWith("Start dispatcher for one time used runner."u8))
        {
            Life = Life is null ? null : Life with { Ephemeral = true };
        }
        else if (text.StartsWith("Job cancellation request "u8))
        {
            Connected();
        }
        else if (_job is not { } job)
        {
            return;
        }
        else if (job.Id is null && text.StartsWith("Start renew job request "u8))
        {
            var at = text.IndexOf(" for job "u8);
            job.Id = at > 0 && Utf8Parser.TryParse(text[(at + 9)..], out Guid id, out _) ? id : null;
        }
        else if (IsOf(job, text, "Send job request message to worker for job "u8, out _))
        {
            job.WorkerStarted = true;
        }
        else if (IsOf(job, text, "Worker finished for job "u8, out var finished))
        {
            if (finished.StartsWith(". Code: "u8) && Utf8Parser.TryParse(finished[8..], out int code, out _))
            {
                job.ExitCode = code;
                job.ExitedAt = line.Time;
            }
        }
        else if (IsOf(job, text, "finish job request for job "u8, out var told))
        {
            if (told.StartsWith(" with result: "u8))
            {
                EndJob(job, line.Time, WorkerSection.ParseResult(told[" with result: "u8.Length..]));
                _ended = job.Name;
            }
        }
        else if (text.StartsWith("TaskAgentJobNotFoundException received when renew job"u8) || text.StartsWith("TaskAgentJobTokenExpiredException received renew job"u8))
        {
            job.IsUnknownToGitHub = true;
        }
        else if (IsOf(job, text, "Unable to renew job request for job "u8, out _))
        {
            // GitHub took the job back before it began, as it does when the job is cancelled meanwhile; otherwise GitHub could not be reached.
            EndJob(job, line.Time, job.IsUnknownToGitHub ? RunnerResult.Canceled : null);
        }
        else if (IsOf(job, text, "Job request message sending for job "u8, out _)
            || IsOf(job, text, "Worker Dispatch failed with an exception for job request "u8, out _))
        {
            // The listener gives up the job and does not tell the server.
            job.Fault = text[0] == (byte)'J' ? "the worker process could not be reached" : "the listener failed to run it";
            EndUnfinished(line.Time);
        }
        else if (text.StartsWith("Shutting down JobDispatcher."u8))
        {
            NoteShutdown(line);
        }
        else if (!job.WorkerStarted && IsOf(job, text, "Stop renew job request for job "u8, out _))
        {
            // Cancelled before its worker was started; the server is told so in any case.
            job.ShutdownAt = null;
            EndJob(job, line.Time, RunnerResult.Canceled);
        }
    }

    // [2026-11-21 00:22:43Z INFO ProcessInvokerWrapper]   File name: '/home/runner/bin/Runner.Worker'
    // [2026-11-21 00:22:43Z INFO ProcessInvokerWrapper] Process started with process id 30138, waiting for process exit.
    // [2026-11-21 00:22:47Z INFO ProcessInvokerWrapper] Finished process 30138 with exit code 100, and elapsed time 00:00:04.1981990.
    private void ReadProcess(in LogLine line)
    {
        if (_job is not { } job)
        {
            return;
        }

        var text = line.Text;
        if (text.StartsWith("  File name: "u8))
        {
            job.WorkerStarting = text.IndexOf("Runner.Worker"u8) > 0;
        }
        else if (job.WorkerStarting && text.StartsWith("Process started with process id "u8))
        {
            job.WorkerStarting = false;
            job.WorkerStarted = true;
            job.WorkerProcess = Utf8Parser.TryParse(text["Process started with process id "u8.Length..], out int process, out _) ? process : null;
        }
        else if (text.StartsWith("Finished process "u8) && Utf8Parser.TryParse(text["Finished process "u8.Length..], out int ended, out var used)
            && ended == job.WorkerProcess)
        {
            var rest = text[("Finished process "u8.Length + used)..];
            if (rest.StartsWith(" with exit code "u8) && Utf8Parser.TryParse(rest[" with exit code "u8.Length..], out int code, out _))
            {
                job.ExitCode = code;
                job.ExitedAt = line.Time;
            }
        }
    }

    private void BeginJob(DateTimeOffset at, ReadOnlySpan<byte> name)
    {
        Hold();
        EndUnfinished(at);
        _job = new OpenJob(settings.Under(JobLife), at, _request, new NameBlock(name), time.GetTimestamp());
        _reading = _request is null ? Reading.Messages : Reading.Name;
        _request = null;
        _ended = null;
        Listens();
        SetBusy(true);
    }

    private void EndJob(OpenJob job, DateTimeOffset at, RunnerResult? told)
    {
        var isOutOfOrder = at < job.LatestAt;
        job.NoteLatest(at);
        job.Log ??= job.Id is { } id ? workers.Find(id, job.WorkerFrom, job.WorkerTo, out _) : null;
        if (job.Log is { } log)
        {
            if (log.Section.StartedAt <= job.WorkerTo)
            {
                // The next worker writes to the same file if both open a page within one second.
                log.Section.Until = job.IsClockSetBack || isOutOfOrder ? null : job.WorkerTo;
                log.Read();
            }
            else
            {
                // A later job's: this one's GUID came back.
                workers.Release(log, isOthers: true);
                job.Log = null;
            }
        }

        if (job.Id is not null)
        {
            var verdict = JobVerdict.Decide(job.Worker, job.ExitCode, told, job.ShutdownAt);
            var ended = told is not null || verdict == JobVerdict.Lost ? at : job.Worker?.ResultAt ?? job.ExitedAt ?? at;
            ReportStart(atLast: true);
            _events.Add(new JobEnded(job.Facts(), verdict, ended, JobLife)
            {
                StepsStartedAt = job.Worker?.Steps.OwnStepsStartedAt,
                Cause = verdict.Reason == JobFailureReason.Runner ? Cause(job, told) : null,
            });
        }

        if (job.Log is not null)
        {
            workers.Release(job.Log, isOthers: false);
        }

        _lastJob = job.Id;
        _job = null;
        SetBusy(false);
    }

    // For people: what the runner, and not the job, did wrong.
    private static string Cause(OpenJob job, RunnerResult? told) =>
        (job.Worker?.Fault ?? job.Fault) is { } fault ? fault
        : job.ShutdownAt is not null ? "the runner was shut down"
        : job.IsUnknownToGitHub ? "GitHub gave up the job: its lease was lost"
        : job.ExitCode is not null and not (>= 100 and <= 105) ? string.Create(CultureInfo.InvariantCulture, $"the worker process ended with exit code {job.ExitCode}")
        : told is null ? "the listener was gone before the job ended"
        : string.Create(CultureInfo.InvariantCulture, $"the runner said {told}");

    // Its end is not known and will not be: the worker's conclusion counts, else it is lost.
    private void EndUnfinished(DateTimeOffset at)
    {
        if (_job is { } job)
        {
            EndJob(job, at, told: null);
        }
    }

    private void ReportStart(bool atLast)
    {
        if (_job is { BeganToldOf: false, Id: not null } job
            && (atLast || job.IsWorkerKnown || time.GetElapsedTime(job.SeenAt) >= BeginningPatience))
        {
            job.BeganToldOf = true;
            _events.Add(new JobBegan(job.Facts(), JobLife));
        }
    }

    private static bool IsOf(OpenJob job, ReadOnlySpan<byte> text, ReadOnlySpan<byte> before, out ReadOnlySpan<byte> after)
    {
        after = default;
        if (!text.StartsWith(before) || !Utf8Parser.TryParse(text[before.Length..], out Guid id, out var used))
        {
            return false;
        }

        job.Id ??= id;
        after = text[(before.Length + used)..];
        return job.Id == id;
    }
}
