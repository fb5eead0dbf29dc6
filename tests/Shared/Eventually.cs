namespace RunnerMetrics.Testing;

/// <summary>Waits for something that another thread does.</summary>
internal static class Eventually
{
    public static Task HoldsAsync(Func<bool> condition, string what) => HoldsAsync(() => Task.FromResult(condition()), what);

    public static Task HoldsAsync(Func<Task<bool>> condition, string what) =>
        Wait.UntilAsync(condition, () => $"It still does not hold that {what}.", TestContext.Current.CancellationToken);
}
