using System.Net;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Access;

/// <summary>Decides who reads: with a file of tokens who shows one, or has signed in with one; else everybody who reaches this machine's own address, or all where that is asked for.</summary>
internal sealed class ReadingGate(ExporterOptions options, Sessions? sessions = null, ReadTokens? tokens = null)
{
    /// <summary>Whether people sign in.</summary>
    public bool HasSessions => tokens is not null;

    private bool IsOff => tokens is null && !options.OpenPage && !IPAddress.IsLoopback(options.Bind);

    private bool MindsTheName => tokens is null && !options.OpenPage;

    /// <summary>Why a request is not let in; null where it is.</summary>
    public Refusal? Refuse(HttpContext context, Reading reading)
    {
        var request = context.Request;
        if (tokens is not null)
        {
            return tokens.FindBearer(request.Headers.Authorization) is null && !sessions!.IsSignedIn(request)
                ? new Refusal(StatusCodes.Status401Unauthorized, "The request carries no valid token: give one of the exporter's --read-token-file as 'Authorization: Bearer TOKEN', or sign in at /.")
                : null;
        }

        if (reading == Reading.Metrics)
        {
            return null;
        }

        return IsOff ? new Refusal(
                StatusCodes.Status403Forbidden,
                $"The page and the API are off: the exporter listens on {options.Bind} and nothing says who may read. Give it --read-token-file, or --open-page where whoever reaches it may read.")
            : MindsTheName && !IsOwnName(request.Host.Host) ? new Refusal(
                StatusCodes.Status403Forbidden,
                "The exporter is open to this machine alone, and was called by another name: open it as http://127.0.0.1 or http://localhost, or give it --read-token-file or --open-page.")
            : null;
    }

    // A page of a stranger that has its own name resolve to loopback calls by that name (DNS rebinding).
    private static bool IsOwnName(string host) =>
        host.Length == 0 || host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host.Trim('[', ']'), out _);
}
