namespace RunnerMetrics.Exporter.GitHub;

/// <summary>What time it is at GitHub: its answers say so. Whatever is compared with GitHub's times is compared by it, so that a clock of this machine that is off moves nothing.</summary>
internal sealed class GitHubClock(TimeProvider time)
{
    private long _ahead;

    /// <summary>GitHub's time.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    /// <summary>Takes note of an answer's <c>Date</c>, which has whole seconds.</summary>
    public void Note(DateTimeOffset? date)
    {
        if (date is { } told)
        {
            var ahead = told - time.GetUtcNow();
            Interlocked.Exchange(ref _ahead, ahead.Duration() < TimeSpan.FromSeconds(5) ? 0 : ahead.Ticks);
        }
    }
}
