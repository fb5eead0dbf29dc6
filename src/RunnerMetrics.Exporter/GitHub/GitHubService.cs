namespace RunnerMetrics.Exporter.GitHub;

/// <summary>Runs the features, each in a loop of its own. GitHub that is down, slow or wrong delays nobody else: nothing waits for this service.</summary>
internal sealed class GitHubService(IEnumerable<IGitHubFeature> features, GitHubStatus status, GitHubMetrics metrics, TimeProvider time, ILogger<GitHubService> logger) : BackgroundService
{
    private static readonly TimeSpan AfterSurprise = TimeSpan.FromMinutes(1);

    /// <summary>Whoever comes with a wrong credential too often is locked out for a while (docs.github.com, "Authenticating to the REST API").</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMinutes(2);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(features.Select(feature => LoopAsync(feature, stoppingToken)));

    private async Task LoopAsync(IGitHubFeature feature, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(await RunAsync(feature, stop), time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The exporter ends.
        }
    }

    /// <returns>How long to wait for the next round.</returns>
    private async Task<TimeSpan> RunAsync(IGitHubFeature feature, CancellationToken stop)
    {
        try
        {
            var failure = await feature.RunAsync(stop);
            Note(feature, failure);
            var wait = failure?.Kind == GitHubFailureKind.Credential ? AfterRefusal : failure?.RetryAt - time.GetUtcNow();
            return wait > feature.Every ? wait.Value : feature.Every;
        }
        catch (Exception e) when (e is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            GitHubLog.Unexpected(logger, e, feature.Name);
            metrics.ShowFeature(feature.Name, works: false, time.GetUtcNow());
            status.Note(feature.Name, new GitHubFailure(GitHubFailureKind.Unexpected, "a round ended unexpectedly: the exporter's log says how"), time.GetUtcNow());
            return AfterSurprise;
        }
    }

    // Said once, not every minute.
    private void Note(IGitHubFeature feature, GitHubFailure? failure)
    {
        var now = time.GetUtcNow();
        metrics.ShowFeature(feature.Name, failure is null, now);
        if (!status.Note(feature.Name, failure, now))
        {
            return;
        }

        if (failure is null)
        {
            GitHubLog.WorksAgain(logger, feature.Name);
        }
        else
        {
            GitHubLog.Failing(logger, feature.Name, failure.Text);
        }
    }
}
