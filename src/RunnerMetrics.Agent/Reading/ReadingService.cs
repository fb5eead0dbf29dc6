using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Agent.Spool;
using RunnerMetrics.Hosting.Folders;

namespace RunnerMetrics.Agent.Reading;

/// <summary>Reads the runner's files again and again. It owns the spool: one that was damaged or removed in use is opened again, and the logs are read again from its place.</summary>
internal sealed class ReadingService(
    AgentOptions options, SpoolInUse spools, RunnerReaderFactory readers, ChannelWriter<LivingRunner> living, TimeProvider time, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan OpenAgainAfter = TimeSpan.FromSeconds(10);

    private bool _saidUnknown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ReadingLog.Following(logger, options.Diag, options.RunnerType, options.Hooks ?? "not given", options.Collector, options.Spool);
        while (!await FollowAsync(stoppingToken))
        {
            await Task.Delay(OpenAgainAfter, time, stoppingToken);
        }
    }

    // The boundary of the program: there may be no supervisor to restart it, and all important data is on disk. Whether it was told to stop.
    private async Task<bool> FollowAsync(CancellationToken stop)
    {
        try
        {
            using var reader = readers.Open(spools.Open());
            await ReadAsync(reader, stop);
            return true;
        }
        catch (Exception failure) when (failure is StorageException or IOException or UnauthorizedAccessException)
        {
            ReadingLog.SpoolLost(logger, failure.Message);
        }
        catch (RunnerUnknownException unknown)
        {
            if (!_saidUnknown)
            {
                ReadingLog.RunnerUnknown(logger, unknown.Message);
            }

            _saidUnknown = true;
        }
        catch (Exception failure)
        {
            ReadingLog.Failed(logger, failure);
        }

        return false;
    }

    private async Task ReadAsync(RunnerReader reader, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(options.PollInterval, time);
        try
        {
            do
            {
                // What is behind says nothing of now.
                if (!ReadRound(reader) && reader.Living is { } runner)
                {
                    living.TryWrite(runner);
                }
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The last lines before the end.
            ReadRound(reader);
        }
    }

    // Whatever a round meets, the next one is tried.
    private bool ReadRound(RunnerReader reader)
    {
        try
        {
            return reader.Read(final: false);
        }
        catch (Exception failure) when (failure is not (RunnerUnknownException or StorageException))
        {
            ReadingLog.RoundFailed(logger, failure);
            return true;
        }
    }
}
