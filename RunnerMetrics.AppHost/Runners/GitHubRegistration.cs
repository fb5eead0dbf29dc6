namespace RunnerMetrics.AppHost.Runners;

/// <summary>Where real runners are registered, and with what.</summary>
/// <param name="Url">The organization or the repository.</param>
/// <param name="Token">A registration token, good for an hour.</param>
internal sealed record GitHubRegistration(ParameterResource Url, ParameterResource Token);
