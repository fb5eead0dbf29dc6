using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Diagnostics;

/// <summary>Whether a listener reaches GitHub, as its log tells line by line.</summary>
public sealed class ConnectionTests : IDisposable
{
    private const string Page = "Runner_20261121-120000-utc.log";

    private readonly ManualTimeProvider _time = new();
    private readonly MemoryFolder _folder = new();
    private readonly DiagTail _tail;

    public ConnectionTests()
    {
        _tail = _folder.Follow(time: _time);
        _folder.Held!.Add(Page);
        Write("Listener] Version: 2.337.0");
        Write("BrokerMessageListener] Attempt to create session.");
        Write("BrokerMessageListener] Session created.");
        Write($"Terminal] WRITE LINE: {_time.GetUtcNow():u}: Listening for Jobs");
    }

    public void Dispose() => _tail.Dispose();

    [Fact]
    public void Poll_CancelledByTheRunnerItself_ChangesNothing()
    {
        Write("GitHubActionsService] GET request to https://broker.actions.githubusercontent.com/message?sessionId=x has been cancelled.");
        Write("BrokerServer] Catch exception during request");
        Write("BrokerServer] System.Threading.Tasks.TaskCanceledException: The operation was canceled.");
        Write("BrokerServer] Back off 9.114 seconds before next retry. 4 attempt left.");
        Write("BrokerMessageListener] Get messages has been cancelled using local token source. Continue to get messages with new status.");
        Assert.True(IsConnected);
    }

    [Fact]
    public void Poll_TimesOut_IsDisconnectedBeforeTheTerminalSaysSo()
    {
        FailPoll();
        Assert.False(IsConnected);
        Pass(seconds: 100);
        Assert.False(IsConnected);
        FailPoll();
        Pass(seconds: 100);
        Assert.False(IsConnected);
    }

    // The broker's listener does not log a poll that worked and brought nothing.
    [Fact]
    public void Poll_FailureNotRepeatedWhenItHadToBe_IsConnected()
    {
        FailPoll();
        Pass(seconds: 130);
        Assert.True(IsConnected);
    }

    [Theory]
    [InlineData("BrokerMessageListener] Acknowledging runner request 'x'.")]
    [InlineData("BrokerMessageListener] Session created.")]
    [InlineData("MessageListener] Message '292' received from session 'x'.")]
    [InlineData("MessageListener] No message retrieved from session 'x' within last 30 minutes.")]
    [InlineData("JobDispatcher] Job cancellation request 11111111-2222-3333-4444-555555555555 received, cancellation timeout 5 minutes.")]
    [InlineData("Runner] Refresh message received, kick-off selfupdate background process.")]
    public void Sign_OfGitHub_IsConnected(string line)
    {
        FailPoll();
        Write(line);
        Assert.True(IsConnected);
    }

    [Theory]
    [InlineData("MessageListener] Message '0' received from session 'x'.")]
    [InlineData("BrokerMessageListener] Received job status event. JobState: Online")]
    [InlineData("BrokerMessageListener] Attempt to create session.")]
    [InlineData("Terminal] WRITE LINE: Connected to GitHub")]
    public void Line_ThatIsNoSignOfGitHub_LeavesItDisconnected(string line)
    {
        FailPoll();
        Write(line);
        Assert.False(IsConnected);
    }

    [Fact]
    public void OlderListener_SaysThatItIsBack_AndNotBefore()
    {
        Write("MessageListener] Catch exception during get next message.");
        Write($"Terminal] WRITE ERROR: {_time.GetUtcNow():u}: Runner connect error: Name or service not known. Retrying until reconnected.");
        Write("MessageListener] Sleeping for 20.5 seconds before retrying.");
        Pass(seconds: 600);
        Assert.False(IsConnected);
        Write($"Terminal] WRITE LINE: {_time.GetUtcNow():u}: Runner reconnected.");
        Assert.True(IsConnected);
    }

    [Fact]
    public void Session_Refused_IsDisconnectedUntilThereIsOne()
    {
        Write("BrokerMessageListener] Attempt to create session.");
        Write("BrokerMessageListener] Catch exception during create session.");
        Write("BrokerMessageListener] Sleeping for 30 seconds before retrying.");
        Pass(seconds: 600);
        Assert.False(IsConnected);
        Write("BrokerMessageListener] Session created.");
        Assert.True(IsConnected);
    }

    [Fact]
    public void Listener_HangsAfterItAcknowledgedAJob_IsDisconnected()
    {
        Write("BrokerMessageListener] Acknowledging runner request 'x'.");
        Pass(seconds: 100);
        Assert.True(IsConnected);
        Pass(seconds: 20);
        Assert.False(IsConnected);
    }

    [Theory]
    [InlineData("Runner] Skipping message Job. Job not found")]
    [InlineData("Runner] Caught exception from acquiring job message: Error")]
    [InlineData("JobDispatcher] Job request 0 for plan efeaf237-519d-4e65-8ae5-bcb735792bd7 job 11111111-2222-3333-4444-555555555555 received.")]
    public void Listener_GoesOnAfterItAcknowledgedAJob_IsConnected(string line)
    {
        Write("BrokerMessageListener] Acknowledging runner request 'x'.");
        Write(line);
        Pass(seconds: 600);
        Assert.True(IsConnected);
    }

    [Theory]
    [InlineData("An error occured: Runner version v2.317.0 is deprecated and cannot receive messages.")]
    [InlineData("An error occurred: The runner no longer exists on the server.")]
    public void LastWords_OfAnException_EndTheLife(string error)
    {
        Write($"Terminal] WRITE ERROR: {error}");
        Assert.Null(_tail.LivingLife);
    }

    // A clock that is set makes no cut longer or shorter.
    [Fact]
    public void Poll_FailedUnderAClockThatIsWrong_IsConnectedAfterTheSameTime()
    {
        var wrong = _time.GetUtcNow().AddHours(5);
        _folder.Append(Page, System.Text.Encoding.UTF8.GetBytes(string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"[{wrong:u} WARN BrokerServer] Back off 9.114 seconds before next retry. 4 attempt left.\n")));
        Pass(seconds: 1);
        Assert.False(IsConnected);
        Pass(seconds: 130);
        Assert.True(IsConnected);
    }

    private bool IsConnected => _tail.LivingLife is { DisconnectedUntil: null };

    private void FailPoll()
    {
        Write("GitHubActionsService] GET request to https://broker.actions.githubusercontent.com/message?sessionId=x timed out after 100 seconds.");
        Write("BrokerServer] Catch exception during request");
        Write("BrokerServer] Back off 9.114 seconds before next retry. 4 attempt left.");
    }

    private void Write(string line)
    {
        _folder.Append(Page, System.Text.Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"[{_time.GetUtcNow():u} INFO {line}\n")));
        Read();
    }

    private void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            Read();
        }
    }

    private void Read() => _tail.Read([], int.MaxValue, final: false);
}
