using OpenTelemetry.Resources;
using RunnerMetrics.Domain;
using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Exporter.FleetMetrics.Otlp;
using RunnerMetrics.Exporter.Telemetry;
using RunnerMetrics.Metrics;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.FleetMetrics;

/// <summary>
/// Sends the fleet's metrics by OTLP beside everything else: nothing waits for it. They are cumulative, so nothing is kept for a collector that does not take them: the next export says it all.
/// </summary>
internal sealed partial class FleetMetricsService : BackgroundService
{
    /// <summary>How long an end may wait for the last export.</summary>
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(1);

    private readonly FleetState _fleet;
    private readonly MetricRegistry _registry;
    private readonly FleetMetricsOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Otlp.Resource _resource;
    private readonly Counter _ok, _rejected, _failed;
    private readonly CancellationTokenSource _end = new();
    private bool _isFailing;

    public FleetMetricsService(FleetState fleet, MetricRegistry registry, FleetMetricsOptions options, TimeProvider time, ILogger<FleetMetricsService> logger)
    {
        (_fleet, _registry, _options, _time, _logger) = (fleet, registry, options, time, logger);
        _resource = Describe(ResourceBuilder.CreateEmpty().DescribeService(ExporterTelemetry.ServiceName).Build());
        using (registry.Gate.Enter())
        {
            var exports = registry.Add(MetricCatalog.FleetExports);
            _ok = exports.AddCounter(Labels.Of(("outcome", "ok")));
            _rejected = exports.AddCounter(Labels.Of(("outcome", "rejected")));
            _failed = exports.AddCounter(Labels.Of(("outcome", "failed")));
        }
    }

    // A collector that does not answer keeps no exporter from stopping.
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = _time.CreateTimer(_ => _end.Cancel(), null, TimeToEnd, Timeout.InfiniteTimeSpan);
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _end.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the first export does not hold up the start
        using var collector = new FleetMetricsCollector(_options);
        using var timer = new PeriodicTimer(_options.Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ExportAsync(collector, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            await ExportAsync(collector, _end.Token);
        }
    }

    private async Task ExportAsync(FleetMetricsCollector collector, CancellationToken stop)
    {
        if (_fleet.Measure() is not { } figures)
        {
            return;
        }

        try
        {
            var rejected = 0L;
            foreach (var request in FleetMetricsMapping.RequestsOf(figures, _resource, _time.GetUtcNow()))
            {
                using var limit = new CancellationTokenSource(_options.Timeout, _time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
                rejected += await collector.SendAsync(request, either.Token);
            }

            Count(rejected > 0 ? _rejected : _ok);
            Tell(rejected > 0 ? $"it rejected {rejected} data points" : null);
        }
        catch (Exception failure)
        {
            // The loop's boundary: whatever the collector does, the exporter goes on.
            if (!stop.IsCancellationRequested)
            {
                Count(_failed);
                Tell(failure is OperationCanceledException ? "it did not answer in time" : failure.Message);
            }
        }
    }

    private void Count(Counter outcome)
    {
        using (_registry.Gate.Enter())
        {
            outcome.Increment();
        }
    }

    // Once, and not once an interval.
    private void Tell(string? problem)
    {
        if (problem is not null && !_isFailing)
        {
            LogNotTaken(_logger, problem);
        }
        else if (problem is null && _isFailing)
        {
            LogTakenAgain(_logger);
        }

        _isFailing = problem is not null;
    }

    private static Otlp.Resource Describe(OpenTelemetry.Resources.Resource resource) => new()
    {
        Attributes = { resource.Attributes.Select(attribute => new Otlp.Attribute { Key = attribute.Key, Value = ValueOf(attribute.Value) }) },
    };

    private static Value ValueOf(object value) => value switch
    {
        bool flag => new Value { BoolValue = flag },
        long number => new Value { IntValue = number },
        double number => new Value { DoubleValue = number },
        _ => new Value { StringValue = value.ToString() },
    };

    [LoggerMessage(1, LogLevel.Warning, "The OTLP collector does not take all of the fleet's metrics: {Problem}. Each export has everything that was counted, so what it takes later is complete")]
    private static partial void LogNotTaken(ILogger logger, string problem);

    [LoggerMessage(2, LogLevel.Information, "The OTLP collector takes the fleet's metrics again")]
    private static partial void LogTakenAgain(ILogger logger);
}
