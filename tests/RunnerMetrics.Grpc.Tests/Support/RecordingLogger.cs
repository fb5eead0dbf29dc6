using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.Grpc.Tests;

/// <summary>Keeps what was logged: level, message and exception, one text each.</summary>
internal sealed class RecordingLogger : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Lines { get; } = new();

    private readonly Channel<bool> _logged = Channel.CreateUnbounded<bool>();

    public async Task WaitForAsync(string text)
    {
        while (!Lines.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            try
            {
                await _logged.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Collector.Patience);
            }
            catch (TimeoutException)
            {
                Assert.Fail($"Nobody logged '{text}'; logged was: {string.Join('\n', Lines)}");
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
        _logged.Writer.TryWrite(true);
    }

    public void Dispose()
    {
    }
}
