using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Domain.Jobs;

/// <summary>
/// A job's identity. The runner's job GUID alone is not unique: GitHub derives it from names, and it repeats in later runs.
/// </summary>
public static class JobKey
{
    /// <summary>The length of every key: 128 bits of SHA-256 in lower-case hexadecimal digits.</summary>
    public const int Length = 32;

    /// <summary>
    /// The key of the job that a runner began to run at a moment: the same whenever, and however often, the log that says so is read.
    /// </summary>
    /// <param name="runnerName">The runner's name.</param>
    /// <param name="jobId">The job GUID as the runner logs it; upper and lower case are one.</param>
    /// <param name="startedAt">The time of the listener's <c>Running job</c> line; the log's resolution, one second, is the key's.</param>
    /// <param name="runnerScope">Where the runner is registered, such as <c>github.com/acme</c>; empty if it is not known.</param>
    public static string Create(string runnerName, string jobId, DateTimeOffset startedAt, string runnerScope = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(runnerName);
        ArgumentException.ThrowIfNullOrEmpty(jobId);
        var identity = string.Create(
            CultureInfo.InvariantCulture,
            $"{runnerName}\n{jobId.ToLowerInvariant()}\n{startedAt.ToUnixTimeSeconds()}{(runnerScope.Length == 0 ? "" : "\n")}{runnerScope.ToLowerInvariant()}");
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(identity));
        return Convert.ToHexStringLower(hash.AsSpan(0, Length / 2));
    }
}
