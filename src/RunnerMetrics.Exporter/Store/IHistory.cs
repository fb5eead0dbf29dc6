namespace RunnerMetrics.Exporter.Store;

/// <summary>
/// Which jobs ran, and which deployments were made. Any number of callers can query at once, and none delays the writer: an answer is read within half a second, and is complete before it is returned.
/// </summary>
internal interface IHistory
{
    /// <summary>Jobs, running ones too, the latest first where nothing else is asked for.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryPage<HistoryJob>> FindAsync(JobQuery query, CancellationToken cancelled);

    /// <summary>The job at a place; null where there is none, or none any more.</summary>
    /// <param name="place">Its <see cref="HistoryJob.Place"/>.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryJob?> FindAsync(HistoryCursor place, CancellationToken cancelled);

    /// <summary>How many jobs and deployments there are.</summary>
    /// <param name="since">The earliest moment that counts; what is open counts whenever it began.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryCounts> CountAsync(DateTimeOffset since, CancellationToken cancelled);

    /// <summary>Deployments, the latest first where nothing else is asked for.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryPage<HistoryDeployment>> FindAsync(DeploymentQuery query, CancellationToken cancelled);
}
