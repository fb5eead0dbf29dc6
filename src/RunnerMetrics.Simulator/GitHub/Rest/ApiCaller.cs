namespace RunnerMetrics.Simulator.GitHub.Rest;

/// <summary>Who asks.</summary>
/// <param name="Name">Whose limits are used: an App's own, or an installation's, or a token's.</param>
/// <param name="IsApp">Whether it came with a JSON web token, as the App itself.</param>
/// <param name="IsInstallation">Whether it came with a token of the App's installation.</param>
/// <param name="Permissions">What it may do.</param>
internal sealed record ApiCaller(string Name, bool IsApp, bool IsInstallation, IReadOnlyDictionary<string, string> Permissions)
{
    public bool May(string permission, string level) => Permissions.TryGetValue(permission, out var given) && (given == level || given is "write" or "admin");
}
