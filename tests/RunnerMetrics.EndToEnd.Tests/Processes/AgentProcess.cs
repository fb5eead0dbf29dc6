using System.Diagnostics;
using System.Globalization;
using System.Text;
using RunnerMetrics.Agent;
using RunnerMetrics.Standalone;
using RunnerMetrics.Testing;

namespace RunnerMetrics.EndToEnd.Tests.Processes;

/// <summary>The agent as its own process.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private AgentProcess(Process process)
    {
        _process = process;
        _output = ReadAsync(process.StandardOutput);
        _errors = process.StandardError.ReadToEndAsync();
    }

    public bool HasExited => _process.HasExited;

    public static AgentProcess Start(string runnerName, string diag, string spool, Uri collector, params string[] more) =>
        Start(new Dictionary<string, string>(), ["run", .. Runner(runnerName, diag, spool), "--collector", collector.ToString(), .. more]);

    /// <summary>The agent that is its own collector.</summary>
    public static AgentProcess StartStandalone(string runnerName, string diag, string spool, params string[] more) =>
        new(Process.Start(Programs.Start(typeof(StandaloneApplication).Assembly, [.. Runner(runnerName, diag, spool), .. more]))!);

    /// <summary>With any arguments, and with variables of its own.</summary>
    public static AgentProcess Start(IReadOnlyDictionary<string, string> environment, params IEnumerable<string> arguments)
    {
        var start = Programs.Start(typeof(AgentApplication).Assembly, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new AgentProcess(Process.Start(start)!);
    }

    private static string[] Runner(string name, string diag, string spool) => ["--diag", diag, "--spool", spool, "--runner-name", name, "--runner-type", "standard"];

    /// <summary>What it said so far.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return _said.ToString();
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, or any other.</summary>
    public void Signal(string signal) =>
        Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Said)> EndAsync()
    {
        using var limit = Patience.LimitedBy(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await _output + await _errors);
    }

    private async Task<string> ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_said)
            {
                _said.AppendLine(line);
            }
        }

        return Said;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}
