using Google.Protobuf.WellKnownTypes;
using Polly;
using Polly.Retry;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using Outcome = RunnerMetrics.Contracts.V1.EventResult.Types.Outcome;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>Sends one event, with retries while the collector is unreachable, and prints the result.</summary>
internal sealed class ReportSender(IEventSender sender, TimeProvider time, TimeSpan timeout)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(10);

    /// <summary>Sends it.</summary>
    /// <returns>0 if it is durable, now or before; 1 if it could not be sent, or was rejected.</returns>
    public async Task<int> SendAsync(Event happened, TextWriter output, TextWriter errors, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var last = "no answer";
        var retry = new ResiliencePipelineBuilder<ReportEventsResponse> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<ReportEventsResponse>
            {
                ShouldHandle = new PredicateBuilder<ReportEventsResponse>().Handle<DeliveryException>(failure => failure.Problem == DeliveryProblem.Unavailable),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstRetry,
                MaxDelay = LongestRetry,
                OnRetry = tried =>
                {
                    last = tried.Outcome.Exception!.Message;
                    return default;
                },
            })
            .Build();
        try
        {
            var answer = await retry.ExecuteAsync(async token => await sender.SendAsync(Request(happened), token), either.Token);
            return WriteResult(answer, output, errors);
        }
        catch (DeliveryException failure)
        {
            await errors.WriteLineAsync($"The collector did not accept the report: {failure.Message}");
        }
        catch (OperationCanceledException)
        {
            await errors.WriteLineAsync(
                stop.IsCancellationRequested ? "Stopped before the collector accepted the report." : $"The collector did not accept the report within {timeout.TotalSeconds:0} s: {last}");
        }

        return ExitCode.Failed;
    }

    private ReportEventsRequest Request(Event happened) => new() { Events = { happened }, SentAt = Timestamp.FromDateTimeOffset(time.GetUtcNow()) };

    private static int WriteResult(ReportEventsResponse answer, TextWriter output, TextWriter errors)
    {
        var result = answer.Results is [var only] ? only : new EventResult { Reason = $"it sent {answer.Results.Count} results for one event" };
        switch (result.Outcome)
        {
            case Outcome.Accepted:
                output.WriteLine("reported");
                return ExitCode.Done;
            case Outcome.Duplicate:
                output.WriteLine("reported before: it counts once");
                return ExitCode.Done;
            default:
                errors.WriteLine($"The collector refused the report: {result.Reason}");
                return ExitCode.Failed;
        }
    }
}
