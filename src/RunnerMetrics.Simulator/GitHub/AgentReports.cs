using System.ComponentModel;
using System.Diagnostics;
using System.Threading.Channels;

namespace RunnerMetrics.Simulator.GitHub;

/// <summary>Runs the agent's program with what a pipeline reports, one after another, in this process's environment.</summary>
internal sealed class AgentReports : IAsyncDisposable
{
    private readonly Channel<IReadOnlyList<string>> _waiting = Channel.CreateUnbounded<IReadOnlyList<string>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _program;
    private readonly Action<string> _notTaken;
    private readonly Task _loop;

    /// <param name="program">The agent.</param>
    /// <param name="notTaken">Called with why a report was not made.</param>
    public AgentReports(string program, Action<string> notTaken)
    {
        (_program, _notTaken) = (program, notTaken);
        _loop = Task.Run(RunAsync);
    }

    public void Report(IReadOnlyList<string> arguments) => _waiting.Writer.TryWrite(arguments);

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
    }

    private async Task RunAsync()
    {
        await foreach (var arguments in _waiting.Reader.ReadAllAsync())
        {
            try
            {
                using var agent = Process.Start(new ProcessStartInfo(_program, arguments) { RedirectStandardOutput = true });
                await agent!.StandardOutput.ReadToEndAsync();
                await agent.WaitForExitAsync();
                if (agent.ExitCode != 0)
                {
                    _notTaken($"{_program} {string.Join(' ', arguments)} exited with {agent.ExitCode}");
                }
            }
            catch (Exception failure) when (failure is Win32Exception or IOException)
            {
                _notTaken($"{_program} cannot be run: {failure.Message}");
            }
        }
    }
}
