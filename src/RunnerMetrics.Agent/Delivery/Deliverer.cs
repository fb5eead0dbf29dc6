using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Polly;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Agent.Telemetry;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Sends the events in the spool, in order, until the collector has settled them. What the collector does not settle (an event that is newer than
/// it, or that it has no room for) is kept and retried with growing delays, while later events are sent.
/// </summary>
internal sealed class Deliverer(
    EventSpool spool, IEventSender sender, DeadLetterFile deadLetters, DeliveryOptions options, TimeProvider time, ILogger logger)
{
    private readonly ResiliencePipeline<AnsweredBatch?> _retry = DeliveryRetry.Create(options, time, logger);
    private int _attempts;
    private int _keptInARow;
    private DateTimeOffset? _sendKeptAt;

    /// <summary>Delivers for as long as the agent runs.</summary>
    /// <exception cref="Hosting.Folders.StorageException">The spool must be opened again.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            var changed = spool.Changed;
            try
            {
                await DrainAsync(stop);
                await WaitAsync(changed, stop);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                SpoolLog.NotReadable(logger, spool.Folder, failure.Message);
                await Task.Delay(options.LongestRetry, time, stop);
            }
        }
    }

    /// <summary>Sends the events that were not sent yet.</summary>
    public async Task DrainAsync(CancellationToken stop)
    {
        while (true)
        {
            _attempts = 0;
            if (await _retry.ExecuteAsync(SendAsync, stop) is not { } sent)
            {
                return;
            }

            if (_attempts > 1)
            {
                DeliveryLog.Recovered(logger);
            }

            Settle(sent.Batch, sent.Answer);
        }
    }

    /// <summary>Delivers until nothing waits any more, including kept events.</summary>
    public async Task DrainAllAsync(CancellationToken stop)
    {
        await DrainAsync(stop);
        while (spool.HasKept)
        {
            await WaitAsync(Task.Delay(Timeout.InfiniteTimeSpan, time, stop), stop);
            await DrainAsync(stop);
        }
    }

    // Until there is something new, or it is time to retry kept events.
    private async Task WaitAsync(Task changed, CancellationToken stop)
    {
        if (!spool.HasKept)
        {
            (_sendKeptAt, _keptInARow) = (null, 0);
            await changed.WaitAsync(stop);
            return;
        }

        try
        {
            var wait = (_sendKeptAt ?? time.GetUtcNow()) - time.GetUtcNow();
            if (wait > TimeSpan.Zero)
            {
                await changed.WaitAsync(wait, time, stop);
                return;
            }
        }
        catch (TimeoutException)
        {
            // It is time.
        }

        _sendKeptAt = null;
        spool.Rewind();
    }

    // Read again for every attempt: events that became too old are dropped in between.
    private async ValueTask<AnsweredBatch?> SendAsync(CancellationToken stop)
    {
        if (spool.Next(options.BatchSize) is not { } batch)
        {
            return null;
        }

        _attempts++;
        var request = new ReportEventsRequest { SenderId = spool.SenderId, SentAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };
        request.Events.AddRange(batch.Events);
        using var span = AgentTelemetry.Source.StartActivity("deliver", ActivityKind.Client)?.SetTag("runner_metrics.delivery.events", batch.Events.Count);
        var start = time.GetTimestamp();
        try
        {
            var answer = await sender.SendAsync(request, stop);
            AgentTelemetry.DeliveryDuration.Record(time.GetElapsedTime(start).TotalSeconds);
            return new AnsweredBatch(batch, answer);
        }
        catch (DeliveryException failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.Message);
            spool.DropExpired();
            throw;
        }
    }

    private void Settle(SpoolBatch batch, ReportEventsResponse response)
    {
        var events = batch.Events.ToDictionary(sent => sent.EventId, StringComparer.Ordinal);
        var settled = new HashSet<string>(StringComparer.Ordinal);
        var kept = "nothing";
        foreach (var result in response.Results)
        {
            switch (result.Outcome)
            {
                case EventResult.Types.Outcome.Rejected when events.TryGetValue(result.EventId, out var rejected):
                    DeliveryLog.Rejected(logger, result.EventId, result.Reason);
                    deadLetters.Add(rejected, result.Reason);
                    settled.Add(result.EventId);
                    break;
                case EventResult.Types.Outcome.Accepted or EventResult.Types.Outcome.Duplicate:
                    settled.Add(result.EventId);
                    break;
                default:
                    kept = result.Reason.Length > 0 ? $"{result.Outcome}: {result.Reason}" : result.Outcome.ToString();
                    break;
            }
        }

        spool.Pass(batch, settled);
        AgentTelemetry.Delivered.Add(settled.Count);
        var left = events.Keys.Count(sent => !settled.Contains(sent));
        if (left > 0)
        {
            Keep(left, kept);
        }
    }

    private void Keep(int left, string outcome)
    {
        spool.DropExpired();
        if (_sendKeptAt is null)
        {
            DeliveryLog.Unsettled(logger, left, outcome);
            var delay = Math.Min(options.LongestKeptRetry.TotalSeconds, options.FirstRetry.TotalSeconds * Math.Pow(2, Math.Min(_keptInARow++, 20)));
            _sendKeptAt = time.GetUtcNow() + TimeSpan.FromSeconds(delay);
        }
    }
}
