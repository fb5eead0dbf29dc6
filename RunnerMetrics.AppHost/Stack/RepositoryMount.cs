namespace RunnerMetrics.AppHost.Stack;

/// <summary>A file or folder of this repository that a container sees, read-only. deploy/compose/monitoring.yml mounts the same ones.</summary>
/// <param name="Source">Its path from the root of the repository.</param>
/// <param name="Target">Where the container sees it.</param>
internal sealed record RepositoryMount(string Source, string Target);
