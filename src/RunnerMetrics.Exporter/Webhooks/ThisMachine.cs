using System.Net;

namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>
/// Whether a request was meant for this machine by a program on it. A proxy passes on from elsewhere and says so, or keeps the name that its client called; a page in a
/// browser that had a name resolve to loopback (DNS rebinding) calls by that name.
/// </summary>
internal static class ThisMachine
{
    private static readonly string[] OfProxies =
    [
        "Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Server", "X-Real-IP", "X-Original-For", "X-Original-Host", "CF-Connecting-IP", "True-Client-IP",
    ];

    public static bool Sent(HttpRequest request) =>
        IsLoopback(request.Host.Host)
        && request.HttpContext.Connection.RemoteIpAddress is { } sender && IPAddress.IsLoopback(sender)
        && !OfProxies.Any(request.Headers.ContainsKey)
        && !request.Headers.ContainsKey("Origin"); // a browser's: GitHub sends none

    // "localhost", "127.0.0.1", "[::1]"
    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
