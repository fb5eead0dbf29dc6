using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace RunnerMetrics.Agent.Deployments;

/// <summary>Reads a report's arguments, and reports problems with what would be right.</summary>
internal static class ReportText
{
    private const int LongestId = 128;
    private const int LongestEnvironment = 255;

    public static string ReadRepository(string? repository, List<string> problems)
    {
        if (repository?.Split('/') is not [{ Length: > 0 }, { Length: > 0 }])
        {
            problems.Add(repository is null ? "--repository is missing: give owner/name, or set GITHUB_REPOSITORY." : $"--repository '{repository}' is not a repository: give owner/name.");
        }

        return repository ?? "";
    }

    public static string ReadEnvironment(string? environment, List<string> problems)
    {
        if (environment?.Length is not (> 0 and <= LongestEnvironment))
        {
            problems.Add($"--environment has {environment?.Length ?? 0} characters: give its name, such as production, of at most {LongestEnvironment}.");
        }

        return environment ?? "";
    }

    public static string ReadId(string option, string? id, List<string> problems)
    {
        if (id?.Length is not (> 0 and <= LongestId) || id.AsSpan().IndexOfAnyExceptInRange(' ', '~') >= 0)
        {
            problems.Add($"{option} must be 1 to {LongestId} printable ASCII characters; it is '{id}'.");
        }

        return id ?? "";
    }

    public static Timestamp? ReadTime(string option, string? text, List<string> problems)
    {
        if (text is null)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
        {
            return Timestamp.FromDateTimeOffset(time);
        }

        problems.Add($"{option} must be a time such as 2026-11-21T12:00:00Z; it is '{text}'.");
        return null;
    }

    /// <summary>An event id that is the same whenever a step reports the same again, and different otherwise.</summary>
    public static string EventId(string kind, params ReadOnlySpan<string> what) =>
        $"{kind}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', what))))}";
}
