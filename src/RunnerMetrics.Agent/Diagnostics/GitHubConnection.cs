using System.Buffers.Text;
using System.Text;

namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>
/// Whether a listener reaches GitHub, from its log. Each failed poll shows that it does not; that it does again is shown by what GitHub
/// sends, by a new session and, in the older message listener, by a line. The broker listener does not log a successful poll without a message:
/// there the time must pass in which a failure would have been logged.
/// </summary>
/// <remarks>
/// [… WARN BrokerServer] Back off 9.114 seconds before next retry. 4 attempt left.
/// [… ERR  BrokerMessageListener] Catch exception during get next message.
/// [… INFO BrokerMessageListener] Sleeping for 18.857 seconds before retrying.
/// A poll that "has been cancelled" is cancelled by the runner at every change of its state, and backs off as well.
/// </remarks>
internal sealed class GitHubConnection(TimeProvider time, DateTimeOffset? until)
{
    // A request is given up after 100 seconds, and that is logged.
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(110);

    private bool _isBroker;
    private bool _isCreatingSession;
    private bool _isCancelled;
    private bool _isAcknowledging;
    private DateTimeOffset? _until = until;
    private long? _connectedFrom = until is { } known && known < DateTimeOffset.MaxValue ? Due(time, known, TimeSpan.FromMinutes(3)) : null;
    private long? _hangsFrom;
    private string? _request;

    /// <summary>Why it is disconnected, in the log's words.</summary>
    public string? Cause { get; private set; }

    /// <summary>Whether it is disconnected now.</summary>
    public bool IsCut =>
        (_until is not null && (_connectedFrom is not { } due || time.GetTimestamp() < due)) || (_hangsFrom is { } hangs && time.GetTimestamp() >= hangs);

    /// <summary>The life with what is known of its connection.</summary>
    public ListenerLife? Show(ListenerLife? life)
    {
        DateTimeOffset? shown = IsCut ? _until ?? DateTimeOffset.MaxValue : null;
        return life is null || life.DisconnectedUntil == shown ? life : life with { DisconnectedUntil = shown };
    }

    /// <summary>GitHub answered.</summary>
    public void Connected()
    {
        _until = null;
        _connectedFrom = _hangsFrom = null;
        _isAcknowledging = false;
        Cause = null;
    }

    /// <summary>The listener takes a job, and must receive more messages about it; it is known to hang there.</summary>
    public void Acknowledging(DateTimeOffset at)
    {
        Connected();
        _isAcknowledging = true;
        Wait(at, TimeSpan.Zero);
    }

    /// <summary>A line of any component.</summary>
    public void Read(in LogLine line)
    {
        var component = line.Component;
        var text = line.Text;
        if (component.SequenceEqual("BrokerMessageListener"u8) || component.SequenceEqual("MessageListener"u8))
        {
            _isBroker = component[0] == (byte)'B';
            ReadListener(line);
        }
        else if (component.SequenceEqual("GitHubActionsService"u8))
        {
            _isCancelled |= text.EndsWith(" has been cancelled."u8);
            _request = Request(text);
        }
        else if (text.StartsWith("Back off "u8))
        {
            ReadBackOff(line);
        }
        else if (_isAcknowledging && component.SequenceEqual("Runner"u8) && IsGivenUp(text))
        {
            Connected();
        }
        else if (_isAcknowledging)
        {
            Wait(line.Time, TimeSpan.Zero);
        }
    }

    /// <summary>The terminal shows that GitHub is not reachable.</summary>
    public void Failed(DateTimeOffset at, ReadOnlySpan<byte> words) => Cut(at, TimeSpan.Zero, words);

    // The job was another runner's, or gone; the listener polls again.
    private static bool IsGivenUp(ReadOnlySpan<byte> text) =>
        text.StartsWith("Skipping message Job."u8) || text.StartsWith("Caught exception from acquiring job message"u8)
        || text.StartsWith("Acknowledge returned job-not-found"u8);

    private void ReadListener(in LogLine line)
    {
        var text = line.Text;
        if (text.StartsWith("Attempt to create session."u8))
        {
            _isCreatingSession = true;
        }
        else if (text.StartsWith("Session created."u8))
        {
            _isCreatingSession = false;
        }
        else if (text.StartsWith("Get messages has been cancelled"u8))
        {
            _isCancelled = false;
        }
        else if (text.StartsWith("Catch exception during get next message."u8))
        {
            Cut(line.Time, TimeSpan.Zero, text);
        }
        else if (text.StartsWith("Catch exception during create session."u8))
        {
            _isCreatingSession = true;
            Cut(line.Time, TimeSpan.Zero, text);
        }
        else if (_until is not null && Seconds(text, "Sleeping for "u8) is { } pause)
        {
            Cut(line.Time, pause, default);
        }
    }

    private void ReadBackOff(in LogLine line)
    {
        if (Seconds(line.Text, "Back off "u8) is not { } pause)
        {
            return;
        }

        if (!line.Component.SequenceEqual("BrokerServer"u8))
        {
            // Another request than the poll: of the job that was acknowledged.
            if (_isAcknowledging)
            {
                Wait(line.Time, pause);
            }
        }
        else if (_isCancelled)
        {
            _isCancelled = false;
        }
        else
        {
            Cut(line.Time, pause, line.Text);
            Cause = _request ?? Cause;
        }
    }

    // GET request to https://broker.actions.githubusercontent.com/message?sessionId=… timed out after 100 seconds.
    private static string? Request(ReadOnlySpan<byte> text)
    {
        var words = Encoding.UTF8.GetString(text[..Math.Min(text.Length, 1000)]).Split(' ', 5);
        return words is [var method, "request", "to", var address, var what] ? $"{method} {address.Split('?')[0]} {what}" : null;
    }

    private void Cut(DateTimeOffset at, TimeSpan pause, ReadOnlySpan<byte> words)
    {
        _isAcknowledging = false;
        _hangsFrom = null;
        if (words.Length > 0 && (Cause is null || !words.StartsWith("Catch exception "u8)))
        {
            Cause = Encoding.UTF8.GetString(words[..Math.Min(words.Length, 200)]);
        }

        // A new session is logged, and so is the older listener's reconnection.
        var isSaid = _isCreatingSession || (!_isBroker && words.StartsWith("Runner connect error"u8)) || (!_isBroker && _until == DateTimeOffset.MaxValue);
        _until = isSaid ? DateTimeOffset.MaxValue : at + pause + PollTimeout;
        _connectedFrom = isSaid ? null : Due(time, _until.Value, pause + PollTimeout);
    }

    private void Wait(DateTimeOffset at, TimeSpan pause)
    {
        _hangsFrom = Due(time, at + pause + PollTimeout, pause + PollTimeout);
        Cause = "it acknowledged a job, and then logged nothing more";
    }

    // By a monotonic clock: a line that was read late leaves less time to wait, and no line leaves more than it announced.
    private static long Due(TimeProvider time, DateTimeOffset at, TimeSpan longest)
    {
        var left = at - time.GetUtcNow();
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left > longest ? longest : left;
        return time.GetTimestamp() + (long)(left.TotalSeconds * time.TimestampFrequency);
    }

    private static TimeSpan? Seconds(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before) =>
        text.StartsWith(before) && Utf8Parser.TryParse(text[before.Length..], out double seconds, out _) && seconds is > 0 and < 3600
            ? TimeSpan.FromSeconds(seconds)
            : null;
}
