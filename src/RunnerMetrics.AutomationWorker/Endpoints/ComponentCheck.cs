namespace RunnerMetrics.AutomationWorker.Endpoints;

/// <summary>Looks whether one component can do its work.</summary>
/// <param name="Name">The component's name.</param>
/// <param name="FindProblem">Gives what is wrong with it, or null.</param>
internal sealed record ComponentCheck(string Name, Func<CancellationToken, Task<string?>> FindProblem)
{
    /// <summary>What is wrong with the component, or null. A component that does not say in time is not ready.</summary>
    public async Task<string?> RunAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancelled)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancelled);
        try
        {
            return await FindProblem(both.Token).WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            return $"did not answer within {timeout.TotalSeconds:0.#} s";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.Message; // the boundary of a check: whatever went wrong, the component is not ready
        }
    }
}
