using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Polly;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>Sends what waits in the outbox until the collector has settled it, and then says how far the logs are delivered.</summary>
internal sealed class Deliverer(
    Outbox outbox,
    IEventSender sender,
    Action<DiagCheckpoint> delivered,
    DeliveryOptions options,
    TimeProvider time,
    ILogger logger)
{
    private readonly ResiliencePipeline<ReportEventsResponse> _retry = DeliveryRetry.Create(options, time, logger);
    private int _attempts;
    private int _keptInARow;

    /// <summary>Delivers for as long as the agent runs.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var changed = outbox.Changed;
            await DrainAsync(stop);
            await changed.WaitAsync(stop);
        }
    }

    /// <summary>Delivers what waits now.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        while (true)
        {
            if (outbox.TakePlace() is { } place)
            {
                delivered(place);
            }

            var batch = outbox.Peek(options.BatchSize);
            if (batch.Count == 0)
            {
                return;
            }

            await SendAsync(batch, stop);
        }
    }

    private async Task SendAsync(IReadOnlyList<Event> batch, CancellationToken stop)
    {
        _attempts = 0;
        var response = await _retry.ExecuteAsync(
            async token =>
            {
                _attempts++;
                var request = new ReportEventsRequest { SentAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
                request.Events.AddRange(batch);
                return await sender.SendAsync(request, token);
            },
            stop);
        if (_attempts > 1)
        {
            DeliveryLog.Recovered(logger);
        }

        await SettleAsync(batch, response, stop);
    }

    private async Task SettleAsync(IReadOnlyList<Event> batch, ReportEventsResponse response, CancellationToken stop)
    {
        var settled = new HashSet<string>(StringComparer.Ordinal);
        var kept = "nothing";
        foreach (var result in response.Results)
        {
            switch (result.Outcome)
            {
                case EventResult.Types.Outcome.Rejected:
                    DeliveryLog.Rejected(logger, result.EventId, result.Reason);
                    settled.Add(result.EventId);
                    break;
                case EventResult.Types.Outcome.Accepted or EventResult.Types.Outcome.Duplicate:
                    settled.Add(result.EventId);
                    break;
                default:
                    kept = result.Outcome.ToString();
                    break;
            }
        }

        outbox.Settle(settled);
        var left = batch.Count(sent => !settled.Contains(sent.EventId));
        if (left == 0)
        {
            _keptInARow = 0;
            return;
        }

        DeliveryLog.Unsettled(logger, left, kept);
        var delay = Math.Min(options.LongestRetry.TotalSeconds, options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Min(_keptInARow++, 20)));
        await Task.Delay(TimeSpan.FromSeconds(delay), time, stop);
    }
}
