using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <content>The messages of the listener's log, by the component that writes them.</content>
internal sealed partial class DiagReader
{
    // "2026-11-21 00:22:43Z: "
    private const int TerminalTimeLength = 22;

    private void ReadMessage(in LogLine line)
    {
        if (LastLineAt - line.Time is { } back && back > ClockSetBackBy)
        {
            ClockSetBackBy = back;
        }

        LastLineAt = line.Time;
        _job?.NoteLine(line.Time);
        _connection.Read(line);
        if (_isJudged && Life is not null)
        {
            // It was considered gone, but is not.
            _isJudged = false;
            Life = Life with { Stopped = false };
            EndCause = null;
        }

        var component = line.Component;
        if (component.SequenceEqual("JobDispatcher"u8))
        {
            ReadJobDispatcher(line);
        }
        else if (component.SequenceEqual("Terminal"u8))
        {
            ReadTerminal(line);
        }
        else if (component.SequenceEqual("ProcessInvokerWrapper"u8))
        {
            ReadProcess(line);
        }
        else if (component.SequenceEqual("BrokerMessageListener"u8) || component.SequenceEqual("MessageListener"u8))
        {
            ReadMessageListener(line);
        }
        else if (component.SequenceEqual("Listener"u8))
        {
            ReadListener(line);
        }
        else if (component.SequenceEqual("HostContext"u8) && line.Text.StartsWith("Runner will be shutdown for"u8))
        {
            NoteShutdown(line);
        }
        else if (component.SequenceEqual("Runner"u8))
        {
            ReadRunner(line.Text);
        }
    }

    private void ReadRunner(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("One time used runner"u8))
        {
            Life = Life is { Ephemeral: false } ? Life with { Ephemeral = true } : Life;
        }
        else if (text.StartsWith("Refresh message received"u8) || text.StartsWith("Received job message of length"u8)
            || text.StartsWith("Received RunnerRefreshConfigMessage"u8) || text.StartsWith("Received ForceTokenRefreshMessage"u8))
        {
            Connected();
        }
    }

    private void ReadListener(in LogLine line)
    {
        // [2026-11-21 00:22:42Z INFO Listener] Version: 2.336.0
        if (line.Text.StartsWith("Version: "u8))
        {
            var version = Encoding.UTF8.GetString(line.Text["Version: "u8.Length..Math.Min(line.Text.Length, 64)]).Trim();
            BeginLife(ListenerLife.Begin(listener.Start, line.Time, version.Any(char.IsControl) ? "" : version)); // a spoilt line tells no version
        }
        else if (line.Text.StartsWith("Runner execution has finished with return code"u8) || line.Text.StartsWith("Runner execution been cancelled."u8))
        {
            EndLife(line.Time, Encoding.UTF8.GetString(line.Text[..Math.Min(line.Text.Length, 100)]));
        }
    }

    // Two processes that begin within one second write into one file. The second one replaces the first when it listens; otherwise it only queried something.
    private void BeginLife(ListenerLife begun)
    {
        if (Life is { Stopped: false } running)
        {
            Hold();
            _before ??= running;
        }
        else
        {
            _request = null;
            _ended = null;
        }

        Life = begun;
        _isNamed = false;
    }

    private void EndLife(DateTimeOffset at, string reason)
    {
        if (_before is { } before && Life is { Listened: false, Tried: false })
        {
            Life = before;
            _before = null;
            _isNamed = before.Name.Length > 0;
            return;
        }

        EndUnfinished(at);
        _request = null;
        _ended = null;
        if (Life is { Stopped: false } life)
        {
            Life = life with { Stopped = true, Busy = false };
            EndCause = reason;
            if (life.Listened || IsReported)
            {
                _events.Add(new ListenerEnded(Life, at, reason));
            }
        }
    }

    private void ReadTerminal(in LogLine line)
    {
        var text = line.Text;
        if (text.StartsWith("WRITE ERROR: "u8))
        {
            // WRITE ERROR: 2026-11-21 00:22:43Z: Runner connect error: Name or service not known. Retrying until reconnected.
            var error = text["WRITE ERROR: "u8.Length..];
            if (AfterTime(error).StartsWith("Runner connect error"u8))
            {
                _connection.Failed(line.Time, AfterTime(error));
                Life = Life is null ? null : Life with { Tried = true };
            }
            else if (error.StartsWith("An error occured: "u8) || error.StartsWith("An error occurred: "u8))
            {
                // The program ends after it, with an exception and no other line (Program.cs).
                EndLife(line.Time, Encoding.UTF8.GetString(error[..Math.Min(error.Length, 200)]));
            }
        }
        else if (text.StartsWith("WRITE LINE: "u8))
        {
            var written = text["WRITE LINE: "u8.Length..];
            var timed = AfterTime(written);
            if (timed.StartsWith("Running job: "u8))
            {
                BeginJob(line.Time, timed["Running job: "u8.Length..]);
            }
            else if (timed.StartsWith("Job "u8) && _ended is not null)
            {
                _repeatedLines = 1;
                _reading = Reading.RepeatedName;
                EndRepeatedName();
            }
            else if (timed.StartsWith("Listening for Jobs"u8) || timed.StartsWith("Runner reconnected"u8))
            {
                Connected(isSession: timed[0] == (byte)'L');
            }
            else if (written.StartsWith("Exiting..."u8))
            {
                NoteShutdown(line);
            }
        }
    }

    private void ReadMessageListener(in LogLine line)
    {
        var text = line.Text;
        if (text.StartsWith("Received job status event. JobState: "u8))
        {
            // Its own event, which shows nothing about GitHub.
            var busy = text.EndsWith(" Busy"u8);
            Listens();
            SetBusy(busy);
            if (!busy)
            {
                // JobDispatcher logs this when it leaves a job, in any case; with a result, that was logged before.
                EndUnfinished(line.Time);
                _ended = null;
            }
        }
        else if (text.SequenceEqual("{"u8))
        {
            Hold();
            _inSettings = true;
        }
        else if (text.StartsWith("Acknowledging runner request"u8))
        {
            Listens();
            _connection.Acknowledging(line.Time);
        }
        else if (text.StartsWith("Session created."u8))
        {
            Connected(isSession: true);
        }
        else if (text.StartsWith("No message retrieved"u8)
            || (text.StartsWith("Message '"u8) && !text.StartsWith("Message '0'"u8)))
        {
            // Message 0 sends the listener to another server, which may not answer.
            Connected();
        }
    }

    private void Connected(bool isSession = false)
    {
        Listens(isSession);
        _connection.Connected();
        Life = _connection.Show(Life);
    }

    private void Listens(bool isSession = false)
    {
        if (_before is { } before && Life is { } begun)
        {
            if (!isSession)
            {
                return;
            }

            Life = before;
            _before = null;
            EndUnfinished(begun.StartedAt);
            Life = begun;
            _request = null;
            _ended = null;
        }

        if (Life is { Listened: false })
        {
            Life = Life with { Listened = true };
        }
    }

    private void SetBusy(bool isBusy)
    {
        if (_before is not null)
        {
            _before = _before with { Busy = isBusy };
        }
        else
        {
            Life = Life is null ? null : Life with { Busy = isBusy };
        }
    }

    private void NoteShutdown(in LogLine line)
    {
        if (_job is not null)
        {
            _job.ShutdownAt ??= line.Time;
        }
    }

    private static ReadOnlySpan<byte> AfterTime(ReadOnlySpan<byte> text) =>
        text.Length > TerminalTimeLength && text[TerminalTimeLength - 3] == 'Z' && text[TerminalTimeLength - 2] == ':' ? text[TerminalTimeLength..] : default;
}
