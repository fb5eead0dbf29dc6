using System.Threading.Channels;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Contracts.V1;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>
/// Sends heartbeats with the runner's state while its listener is seen to be alive. A heartbeat is only useful now, so one
/// that is not accepted is neither kept nor sent again.
/// </summary>
internal sealed class HeartbeatService(
    AgentOptions options, ChannelReader<LivingRunner> living, IEventSender sender, TimeProvider time, ILogger logger) : BackgroundService
{
    private LivingRunner? _last;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var runner in living.ReadAllAsync(stoppingToken))
        {
            if (_last?.InstanceId != runner.InstanceId || time.GetElapsedTime(_last.SeenAt, runner.SeenAt) >= options.HeartbeatInterval)
            {
                _last = runner;
                await SendAsync(runner, stoppingToken);
            }
        }
    }

    private async Task SendAsync(LivingRunner runner, CancellationToken stop)
    {
        try
        {
            await sender.SendAsync(new ReportEventsRequest { SentAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()), Events = { runner.Heartbeat } }, stop);
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // The boundary of the loop: the next one may be accepted.
            DeliveryLog.HeartbeatFailed(logger, failure.Message);
        }
    }
}
