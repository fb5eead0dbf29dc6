namespace RunnerMetrics.Exporter.Collector;

/// <summary>Logs the runners for which two senders report, once an hour each and a few at a time: the metric counts all of them.</summary>
internal sealed partial class RunnerConflicts(TimeProvider time, ILogger<RunnerConflicts> logger)
{
    private const int MostNamed = 100;

    private static readonly TimeSpan NamedFor = TimeSpan.FromHours(1);

    private readonly Lock _gate = new();
    private readonly HashSet<(string, string)> _named = [];
    private long _since = time.GetTimestamp();

    public void Log(string runner, string scope)
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
        "Two senders report for runner '{Runner}' of '{Scope}': is there a second agent beside it, another runner with its name, or a stolen token?")]
    private static partial void LogConflict(ILogger logger, string runner, string scope);
}
