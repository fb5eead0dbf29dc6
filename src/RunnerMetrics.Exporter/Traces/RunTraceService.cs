using System.Threading.Channels;
using RunnerMetrics.Domain;
using RunnerMetrics.Domain.Events;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Metrics;

namespace RunnerMetrics.Exporter.Traces;

/// <summary>
/// Sends the traces of runs beside everything else: nothing waits for it. What it has not sent yet is a bounded number of events. Those that the store says again after a crash are sent again: whether they
/// had been sent is not known, and their spans have the same ids and times.
/// </summary>
internal sealed partial class RunTraceService : BackgroundService
{
    /// <summary>How many events may wait, and how many one request has at most.</summary>
    private const int MaxWaiting = 1000, MaxTogether = 50;

    /// <summary>How often a request is sent again, and after which time first; then after twice that, and so on.</summary>
    private const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), TimeToEnd = TimeSpan.FromSeconds(1);

    private readonly RunTraceExporter _exporter;
    private readonly RunSpans _spans;
    private readonly MetricRegistry _registry;
    private readonly Counter _dropped;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<FleetEvent> _waiting;
    private bool _isRunning;

    public RunTraceService(FleetState fleet, MetricRegistry registry, RunTraceOptions options, TimeProvider time, ILogger<RunTraceService> logger)
    {
        (_registry, _time, _logger, _spans) = (registry, time, logger, new RunSpans(options.TellsStarts));
        _waiting = Channel.CreateBounded<FleetEvent>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, happened =>
            {
                // Of a store that is read again, the latest part may not have been sent.
                if (_isRunning)
                {
                    Drop(_spans.Of(happened).Count);
                }
            });
        using (registry.Gate.Enter())
        {
            _dropped = registry.Add(MetricCatalog.SpansDropped).AddCounter(Labels.None);
        }

        _exporter = new RunTraceExporter(options.Otlp(), Drop);
        fleet.TraceDue = happened => _waiting.Writer.TryWrite(happened);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _isRunning = true;
        return base.StartAsync(cancellationToken);
    }

    // A collector that does not answer keeps no exporter from stopping.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(TimeToEnd);
        await base.StopAsync(end.Token);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // a request is waited for on a thread of its own
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stoppingToken))
            {
                await SendAsync(Next(), stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            for (var rest = Next(); rest.Count > 0; rest = Next())
            {
                if (!TrySend(rest))
                {
                    Drop(rest.Count);
                }
            }
        }

        _exporter.Dispose();
    }

    private List<RunSpan> Next()
    {
        List<RunSpan> spans = [];
        for (var i = 0; i < MaxTogether && _waiting.Reader.TryRead(out var happened); i++)
        {
            spans.AddRange(_spans.Of(happened));
        }

        return spans;
    }

    private async Task SendAsync(List<RunSpan> spans, CancellationToken stop)
    {
        var pause = FirstPause;
        for (var tries = 1; !TrySend(spans); tries++, pause *= 2)
        {
            if (tries == MaxTries || stop.IsCancellationRequested)
            {
                LogDropped(_logger, spans.Count, tries);
                Drop(spans.Count);
                return;
            }

            await Task.Delay(pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool TrySend(List<RunSpan> spans)
    {
        try
        {
            return _exporter.Send(spans);
        }
        catch (Exception failure)
        {
            // The loop's boundary: what cannot be sent is dropped, and the exporter goes on.
            LogFailed(_logger, failure);
            return false;
        }
    }

    private void Drop(long spans)
    {
        using (_registry.Gate.Enter())
        {
            _dropped.Increment(spans);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The OTLP collector took no traces in {Tries} tries: {Spans} spans of runs are dropped")]
    private static partial void LogDropped(ILogger logger, int spans, int tries);

    [LoggerMessage(2, LogLevel.Error, "Spans of runs could not be sent")]
    private static partial void LogFailed(ILogger logger, Exception failure);
}
