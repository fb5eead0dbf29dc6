using System.Net;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Addresses to listen on, and addresses of what others serve.</summary>
public static class Addresses
{
    /// <summary>An IP address of this machine, or <c>localhost</c>: 127.0.0.1.</summary>
    public static ValueKind<IPAddress> Bind { get; } = new("ADDRESS", ParseBind, static address => address.ToString());

    /// <summary>An <c>http</c> or <c>https</c> URL.</summary>
    /// <param name="example">A valid example.</param>
    public static ValueKind<Uri?> Url(string example) => new(
        "URL",
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? (url, null) : (null, $"is not a URL: give one such as {example}."),
        static url => url!.OriginalString);

    /// <summary>Where a service listens: scheme, host and port, and nothing else.</summary>
    /// <param name="example">A valid example.</param>
    public static ValueKind<Uri?> Service(string example) => new(
        "URL",
        text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.PathAndQuery == "/" && url.UserInfo.Length == 0 && url.Fragment.Length == 0
            ? (url, null)
            : (null, $"is not an address: give http://HOST:PORT or https://HOST:PORT, such as {example}."),
        static url => url!.OriginalString);

    private static (IPAddress? Value, string? Problem) ParseBind(string text) =>
        text is "localhost" ? (IPAddress.Loopback, null)
        : text.AsSpan().ContainsAny('.', ':') && IPAddress.TryParse(text, out var address) ? (address, null) // to .NET a bare number is an address too
        : (null, "is not an IP address: give one such as 127.0.0.1 or 0.0.0.0.");
}
