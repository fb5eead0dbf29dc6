using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Testing;

/// <summary>A program that runs beside a test. What it writes is kept; it is killed when this is disposed, with everything that it started.</summary>
public sealed class RunningProgram : IAsyncDisposable
{
    private readonly CancellationTokenSource _disposed = new();
    private readonly Process _process;
    private readonly string _command;
    private readonly ProgramText _output;
    private readonly ProgramText _errors;

    private RunningProgram(ProcessStartInfo start)
    {
        _command = $"{start.FileName} {string.Join(' ', start.ArgumentList)}";
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
#pragma warning disable RS0030 // The one place where tests start a program.
        _process = Process.Start(start)!;
#pragma warning restore RS0030
        (_output, _errors) = (new ProgramText(_process.StandardOutput, _disposed.Token), new ProgramText(_process.StandardError, _disposed.Token));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has written to its standard output so far.</summary>
    public string Output => _output.Text;

    /// <summary>What it has written to its standard error so far.</summary>
    public string Errors => _errors.Text;

    public string Said => Output + Errors;

    /// <inheritdoc cref="Start(ProcessStartInfo)"/>
    public static RunningProgram Start(string program, params IEnumerable<string> arguments) => new(new ProcessStartInfo(program, arguments));

    /// <summary>Starts a program, with its input, output and errors redirected.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be started.</exception>
    public static RunningProgram Start(ProcessStartInfo start) => new(start);

    /// <summary>Waits for a line, of its output or of its errors, that a regular expression matches.</summary>
    /// <returns>The match in the first such line.</returns>
    /// <exception cref="InvalidOperationException">It ended without one.</exception>
    public async Task<Match> WaitForLineAsync([StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        Match? match = null;
        await Wait.UntilAsync(
            () =>
            {
                // In this order: a program that has ended writes nothing more.
                var isAll = _output.Ended.IsCompleted && _errors.Ended.IsCompleted;
                match = _output.Lines.Concat(_errors.Lines).Select(line => Regex.Match(line, pattern)).FirstOrDefault(line => line.Success);
                return Task.FromResult(match is not null || isAll);
            },
            () => $"{_command} has written no line that matches '{pattern}': {Said}",
            TestContext.Current.CancellationToken);
        return match ?? throw new InvalidOperationException($"{_command} ended before it wrote a line that matches '{pattern}': {Said}");
    }

    /// <summary>Sends a signal to it alone.</summary>
    /// <param name="name">As <c>kill</c> takes it: TERM, INT.</param>
    public async Task SignalAsync(string name)
    {
        var kill = await ProcessRun.RunAsync("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)], TestContext.Current.CancellationToken);
        Assert.True(kill.ExitCode == 0, $"SIG{name} did not reach {_command}: {kill.Said}{Said}");
    }

    /// <summary>SIGKILL, to it and to everything that it started, unless it has ended; waits until it is gone.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Waits until it ends by itself. Its input is at its end.</summary>
    /// <exception cref="TimeoutException">It did not end.</exception>
    public Task<ProcessRun> EndAsync() => EndAsync("", TestContext.Current.CancellationToken);

    internal async Task<ProcessRun> EndAsync(string input, CancellationToken cancelled)
    {
        using var limit = Patience.LimitedBy(cancelled);
        try
        {
            await using (_process.StandardInput)
            {
                await _process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            }

            await _process.WaitForExitAsync(limit.Token);
            await Task.WhenAll(_output.Ended, _errors.Ended).WaitAsync(limit.Token);
            return new ProcessRun(_process.ExitCode, Output, Errors);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new TimeoutException($"{_command} did not end within {Patience.Limit.TotalSeconds:F0} s: {Said}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();

        // Somebody else may hold the other ends of its pipes.
        await _disposed.CancelAsync();
        await Task.WhenAll(_output.Ended, _errors.Ended);
        _process.Dispose();
        _disposed.Dispose();
    }
}
