using System.Diagnostics;

namespace RunnerMetrics.Benchmarks;

/// <summary>A process that ends with this object.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;

    public ChildProcess(string program, params IEnumerable<string> arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = program.Contains("pushgateway", StringComparison.Ordinal),
        }) ?? throw new InvalidOperationException($"{program} did not start");

    public async Task<string> AskAsync(string? order = null)
    {
        if (order is not null)
        {
            await _process.StandardInput.WriteLineAsync(order);
            await _process.StandardInput.FlushAsync();
        }

        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the measured process ended");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
