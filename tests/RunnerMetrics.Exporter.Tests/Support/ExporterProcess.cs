using System.Diagnostics;
using System.Text.RegularExpressions;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Exporter.Tests.Support;

/// <summary>The exporter as its own process.</summary>
internal sealed partial class ExporterProcess : IAsyncDisposable
{
    private readonly Process _process;

    private Task<string>? _rest;

    private ExporterProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>What it wrote before it was ready.</summary>
    public List<string> SaidBefore { get; } = [];

    public static ExporterProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static ExporterProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = Programs.Start(typeof(ExporterApplication).Assembly, arguments);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ExporterProcess(Process.Start(start)!);
    }

    /// <summary>Starts it in a shell that was told something before: <c>ulimit -n 1024</c>, <c>umask 000</c>.</summary>
    public static ExporterProcess StartAfter(string command, params string[] arguments)
    {
        var start = Programs.Start(typeof(ExporterApplication).Assembly, arguments);
        var limited = new ProcessStartInfo("bash", ["-c", $"{command}; exec \"$0\" \"$@\"", start.FileName, .. start.ArgumentList])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ExporterProcess(Process.Start(limited)!);
    }

    /// <summary>Waits for the line that says where it listens.</summary>
    public async Task<(Uri Http, Uri Grpc)> ReadyAsync()
    {
        using var limit = Patience.LimitedBy(TestContext.Current.CancellationToken);
        while (await _process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            SaidBefore.Add(line);
            if (ReadyLine().Match(line) is { Success: true } match)
            {
                // A log that nobody reads would stop the process as soon as the pipe is full.
                _rest = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return (new Uri(match.Groups[1].Value), new Uri(match.Groups[2].Value));
            }
        }

        throw new InvalidOperationException($"The exporter ended before it was ready: {await _process.StandardError.ReadToEndAsync(limit.Token)}");
    }

    public void Terminate() => Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]).Dispose();

    /// <summary>SIGKILL: nothing of it runs any more.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits for the end.</summary>
    public async Task<(int ExitCode, string Output, string[] Errors)> EndAsync()
    {
        using var limit = Patience.LimitedBy(TestContext.Current.CancellationToken);
        var output = _rest ?? _process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await output, (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // One real line: "2026-11-29 08:58:42Z info: runner-metrics-exporter[1] Ready: metrics at http://127.0.0.1:9091/metrics, agents report to http://127.0.0.1:9095".
    [GeneratedRegex("Ready: metrics at (.*)/metrics, agents report to (\\S*)")]
    private static partial Regex ReadyLine();
}
