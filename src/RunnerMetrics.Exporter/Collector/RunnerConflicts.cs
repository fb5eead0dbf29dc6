namespace RunnerMetrics.Exporter.Collector;

/// <summary>Names the runners that two senders speak for, once an hour each and a few at a time: the metric counts them all.</summary>
internal sealed partial class RunnerConflicts(TimeProvider time, ILogger<RunnerConflicts> logger)
{
    private const int MostNamed = 100;

    private static readonly TimeSpan NamedFor = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly HashSet<(string, string)> _named = [];
    private long _since = time.GetTimestamp();

    public void Say(string runner, string scope)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= NamedFor)
            {
                _named.Clear();
                _since = time.GetTimestamp();
            }

            if (_named.Count >= MostNamed || !_named.Add((runner, scope)))
            {
                return;
            }
        }

        LogConflict(logger, runner, scope);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Two senders speak for runner '{Runner}' of '{Scope}': is there an agent too many beside it, another runner of its name, or a token in wrong hands?")]
    private static partial void LogConflict(ILogger logger, string runner, string scope);
}
