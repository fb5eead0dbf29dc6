using System.Buffers.Text;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <content>The messages of the listener's log, by the component that writes them.</content>
internal sealed partial class DiagReader
{
    // A failed poll is tried again after so many seconds, and says so when it fails again; only creating a session logs that it worked.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromMinutes(2);

    // "2026-11-21 00:22:43Z: "
    private const int TerminalTimeLength = 22;

    private void ReadMessage(in LogLine line)
    {
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
        else if (component.SequenceEqual("Runner"u8) && line.Text.StartsWith("One time used runner"u8))
        {
            Life = Life is { Ephemeral: false } ? Life with { Ephemeral = true } : Life;
        }
    }

    private void ReadListener(in LogLine line)
    {
        // [2026-11-21 00:22:42Z INFO Listener] Version: 2.336.0
        if (line.Text.StartsWith("Version: "u8))
        {
            EndUnfinished(line.Time);
            _request = null;
            _ended = null;
            var version = Encoding.UTF8.GetString(line.Text["Version: "u8.Length..Math.Min(line.Text.Length, 64)]).Trim();
            Life = ListenerLife.Begin(runnerName, listener.Start, line.Time, version);
        }
        else if (line.Text.StartsWith("Runner execution has finished with return code"u8) || line.Text.StartsWith("Runner execution been cancelled."u8))
        {
            EndLife(line.Time, Encoding.UTF8.GetString(line.Text[..Math.Min(line.Text.Length, 100)]));
        }
    }

    private void EndLife(DateTimeOffset at, string reason)
    {
        EndUnfinished(at);
        _request = null;
        _ended = null;
        if (Life is { Stopped: false } life)
        {
            Life = life with { Stopped = true, Busy = false };
            if (life.Listened)
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
            if (AfterTime(text["WRITE ERROR: "u8.Length..]).StartsWith("Runner connect error"u8))
            {
                Life = Life is null ? null : Life with { DisconnectedUntil = line.Time + PollTimeout, Listened = true };
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
                Connected();
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
            Connected();
            var busy = text.EndsWith(" Busy"u8);
            Life = Life is null ? null : Life with { Busy = busy };
            if (!busy)
            {
                // JobDispatcher says so when it leaves a job, whichever way; with a result, that was logged before.
                EndUnfinished(line.Time);
                _ended = null;
            }
        }
        else if (text.SequenceEqual("{"u8))
        {
            Hold();
            _inSettings = true;
        }
        else if (text.StartsWith("Session created."u8) || text.StartsWith("Acknowledging runner request"u8) || text.StartsWith("Message '"u8))
        {
            Connected();
        }
        else if (Life?.DisconnectedUntil is not null && text.StartsWith("Sleeping for "u8)
            && Utf8Parser.TryParse(text["Sleeping for "u8.Length..], out double seconds, out _) && seconds is > 0 and < 3600)
        {
            Life = Life with { DisconnectedUntil = line.Time + TimeSpan.FromSeconds(seconds) + PollTimeout };
        }
    }

    private void Connected()
    {
        if (Life is not null && (Life.DisconnectedUntil is not null || !Life.Listened))
        {
            Life = Life with { DisconnectedUntil = null, Listened = true };
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
