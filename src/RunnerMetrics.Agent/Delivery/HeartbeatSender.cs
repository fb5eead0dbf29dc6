using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Diagnostics;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Says now and then that the runner's listener lives, and in what state. A heartbeat is worth something only now, so one that is not taken is
/// neither kept nor sent again.
/// </summary>
internal sealed class HeartbeatSender(
    IEventSender sender, EventFactory events, Func<ulong> eventsLost, TimeSpan interval, TimeProvider time, ILogger logger)
{
    private Task _sending = Task.CompletedTask;
    private string? _lastLife;
    private long _lastAt;

    /// <summary>Sends one where it is time to; it is not waited for.</summary>
    public void Beat(ListenerLife? life, CancellationToken stop)
    {
        if (life is not { Listened: true, Stopped: false } || events.RunnerOf(life) is null || !_sending.IsCompleted
            || (life.InstanceId == _lastLife && time.GetElapsedTime(_lastAt) < interval))
        {
            return;
        }

        _lastLife = life.InstanceId;
        _lastAt = time.GetTimestamp();
        _sending = SendAsync(life, stop);
    }

    private async Task SendAsync(ListenerLife life, CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var request = new ReportEventsRequest { SentAt = Timestamp.FromDateTimeOffset(now) };
        var heartbeat = events.Heartbeat(life, now);
        heartbeat.Heartbeat.EventsLost = eventsLost();
        request.Events.Add(heartbeat);
        try
        {
            await sender.SendAsync(request, stop);
        }
        catch (Exception failure) when (failure is DeliveryException or OperationCanceledException)
        {
            DeliveryLog.HeartbeatFailed(logger, failure.Message);
        }
    }
}
