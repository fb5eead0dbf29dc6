using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace RunnerMetrics.Agent.Delivery;

/// <summary>When a refused batch is sent again: soon and then more and more rarely, or slowly if somebody must fix something.</summary>
internal static class DeliveryRetry
{
    public static ResiliencePipeline<AnsweredBatch?> Create(DeliveryOptions options, TimeProvider time, ILogger logger) =>
        new ResiliencePipelineBuilder<AnsweredBatch?> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<AnsweredBatch?>
            {
                ShouldHandle = new PredicateBuilder<AnsweredBatch?>().Handle<DeliveryException>(),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.FirstRetry,
                MaxDelay = options.LongestRetry,
                DelayGenerator = tried => ValueTask.FromResult<TimeSpan?>(IsSlow(tried.Outcome.Exception) ? options.SlowRetry : null),
                OnRetry = tried =>
                {
                    Log(logger, (DeliveryException)tried.Outcome.Exception!, tried.AttemptNumber, options.SlowRetry);
                    return default;
                },
            })
            .Build();

    private static bool IsSlow(Exception? failure) => failure is DeliveryException { Problem: not DeliveryProblem.Unavailable };

    private static void Log(ILogger logger, DeliveryException failure, int attempt, TimeSpan slow)
    {
        switch (failure.Problem)
        {
            case DeliveryProblem.Unauthenticated:
                DeliveryLog.Unauthenticated(logger, failure.Message, slow.TotalSeconds);
                break;
            case DeliveryProblem.Refused:
                DeliveryLog.Refused(logger, failure.Message, slow.TotalSeconds);
                break;
            case DeliveryProblem.Unavailable when attempt == 0:
                DeliveryLog.Unavailable(logger, failure.Message);
                break;
        }
    }
}
