using System.Security.Cryptography;

namespace RunnerMetrics.AppHost.Stack;

/// <summary>
/// The keys by which the dashboard lets in what reports to it, made for one run. Aspire would keep them among the user's secrets and read those again when they change: where a second AppHost, or a test
/// of one, wrote others meanwhile, programs that start later show a key that the dashboard does not know, and it has no trace of them.
/// </summary>
internal static class DashboardKeys
{
    /// <summary>What Aspire looks for in its configuration before it makes one.</summary>
    internal static readonly string[] Settings = ["AppHost:OtlpApiKey", "AppHost:DashboardApiKey"];

    private const int Bytes = 16;

    /// <summary>Adds the keys to the arguments of an AppHost, where those say nothing of them.</summary>
    public static string[] AddTo(string[] arguments) =>
        [.. Settings.Select(setting => $"--{setting}={Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}"), .. arguments];
}
