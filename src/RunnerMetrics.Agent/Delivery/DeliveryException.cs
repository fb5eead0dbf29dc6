namespace RunnerMetrics.Agent.Delivery;

/// <summary>The collector did not accept a batch.</summary>
internal sealed class DeliveryException(DeliveryProblem problem, string message, Exception? inner = null) : Exception(message, inner)
{
    public DeliveryProblem Problem { get; } = problem;
}
