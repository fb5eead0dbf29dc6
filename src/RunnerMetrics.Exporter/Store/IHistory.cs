namespace RunnerMetrics.Exporter.Store;

/// <summary>
/// Which jobs ran, and which deployments were made. Any number of callers can query at once, and none delays the writer: an answer is read within half a second, and is complete before it is returned.
/// </summary>
internal interface IHistory
{
    /// <summary>Jobs, running ones too, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryPage<HistoryJob>> FindAsync(JobQuery query, CancellationToken cancelled);

    /// <summary>Deployments, the latest first.</summary>
    /// <param name="query">Which.</param>
    /// <param name="cancelled">Gives up.</param>
    /// <exception cref="IOException">The store cannot be read.</exception>
    Task<HistoryPage<HistoryDeployment>> FindAsync(DeploymentQuery query, CancellationToken cancelled);
}
