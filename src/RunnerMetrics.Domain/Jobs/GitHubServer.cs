namespace RunnerMetrics.Domain.Jobs;

/// <summary>GitHub servers: ids are unique only within one server.</summary>
public static class GitHubServer
{
    /// <summary>The host of <c>https://github.com</c>, or of an Enterprise Server; the default is github.com.</summary>
    public static string HostOf(string serverUrl)
    {
        var start = serverUrl.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = serverUrl.IndexOf('/', start);
        var host = end < 0 ? serverUrl[start..] : serverUrl[start..end];
        return host.Length == 0 ? "github.com" : host.ToLowerInvariant();
    }

    /// <summary>Whether it is an Enterprise Server, which has no runners of its own: neither github.com nor a tenant of ghe.com.</summary>
    public static bool IsEnterprise(string serverUrl) =>
        HostOf(serverUrl) is var host && host != "github.com" && !host.EndsWith(".ghe.com", StringComparison.Ordinal);
}
