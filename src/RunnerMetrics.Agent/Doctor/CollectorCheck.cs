using System.Net.Security;
using System.Security.Authentication;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using RunnerMetrics.Grpc;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether the collector answers, over TLS where that is asked for, takes the token, and has the same time.</summary>
internal static class CollectorCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(30);
    private static readonly GrpcMethod<ReportEventsRequest, ReportEventsResponse> ReportEvents =
        new("runnermetrics.v1.JobEventCollector", "ReportEvents", ReportEventsRequest.Parser, ReportEventsResponse.Parser);

    // So that the collector does not count what is refused as a sender's fault.
    private static readonly Dictionary<string, string> Probe = new() { ["runner-metrics-probe"] = "doctor" };

    public static async Task<IReadOnlyList<Finding>> LookAsync(Uri collector, string? tokenFile, TimeProvider time, CancellationToken stop)
    {
        using var dates = new DateListener(collector, time);
        string? token = null;
        using var channel = new GrpcChannel(collector, new GrpcChannelOptions { Handler = dates, BearerToken = () => token, TimeProvider = time, Metadata = Probe });
        var findings = new List<Finding>();
        try
        {
            var health = await channel.CheckHealthAsync("runnermetrics.v1.JobEventCollector", Deadline, stop);
            findings.Add(health == GrpcHealthStatus.Serving
                ? Finding.Ok("collector", $"{collector} answers{(collector.Scheme == Uri.UriSchemeHttps ? ", and its certificate is good" : "")}.")
                : Finding.Problem("collector", $"{collector} answers that it is {health}. Look at the exporter's /ready."));
        }
        catch (GrpcException failure)
        {
            return [Unreachable(collector, failure)];
        }

        if (collector is { Scheme: "http", IsLoopback: false })
        {
            findings.Add(Finding.Ok("tls", "Not used: the token can be read by whoever can listen on the way. Outside a network of your own, use https://."));
        }

        if (Read(tokenFile, out token) is { } unreadable)
        {
            findings.Add(unreadable);
        }
        else
        {
            findings.Add(await LookAtTokenAsync(channel, tokenFile, stop));
        }

        findings.Add(LookAtClock(dates.Skew));
        return findings;
    }

    private static Finding Unreachable(Uri collector, GrpcException failure)
    {
        for (Exception? cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return Finding.Problem(
                    "tls", $"{collector} cannot be trusted ({cause.Message}) Call it by a name that its certificate holds; for an authority of your own, set SSL_CERT_FILE to its certificate.");
            }
        }

        return failure.StatusCode == GrpcStatusCode.NotFound || failure.StatusCode == GrpcStatusCode.Unimplemented
            ? Finding.Problem("collector", $"{collector} answers, but is no collector ({failure.Message}) Give --collector the exporter's gRPC port, 9095 by default.")
            : Finding.Problem("collector", $"{collector} does not answer ({failure.Message}) Is the exporter running, is this its gRPC port (9095 by default), and does a firewall stand between?");
    }

    private static Finding? Read(string? file, out string? token)
    {
        token = null;
        if (file is null)
        {
            return null;
        }

        try
        {
            token = TokenFile.Read(file);
            return token is null ? Finding.Problem("token", $"{file} is empty. Put the collector's token into it.") : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Finding.Problem("token", $"{file} cannot be read ({failure.Message}) Let the agent's user read it.");
        }
    }

    // A batch of nothing: whoever may send is told that it is empty, and nothing changes.
    private static async Task<Finding> LookAtTokenAsync(GrpcChannel channel, string? tokenFile, CancellationToken stop)
    {
        try
        {
            await channel.CallAsync(ReportEvents, new ReportEventsRequest(), Deadline, stop);
        }
        catch (GrpcException failure) when (failure.StatusCode is GrpcStatusCode.Unauthenticated or GrpcStatusCode.PermissionDenied)
        {
            return Finding.Problem("token", tokenFile is null
                ? "The collector wants a token. Give --token-file a file with one of those in the exporter's --token-file."
                : $"The collector does not know the token in {tokenFile}. Put one of those in the exporter's --token-file there; it is read again within seconds.");
        }
        catch (GrpcException failure)
        {
            if (failure.StatusCode != GrpcStatusCode.InvalidArgument)
            {
                return Finding.Problem("token", $"Whether the token is good is not known: {failure.Message}");
            }
        }

        return Finding.Ok("token", tokenFile is null ? "The collector wants none." : "The collector takes it.");
    }

    private static Finding LookAtClock(TimeSpan? skew) => skew switch
    {
        null => Finding.Ok("clock", "The collector does not tell its time, so the clocks were not compared."),
        { } ahead when ahead.Duration() > TolerableSkew => Finding.Problem(
            "clock", $"This machine's clock is {ahead.Duration().TotalSeconds:F0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the collector's. Have both follow a time server (NTP)."),
        _ => Finding.Ok("clock", "It agrees with the collector's."),
    };

    /// <summary>Hears the Date of every answer.</summary>
    private sealed class DateListener(Uri collector, TimeProvider time) : DelegatingHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = collector.Scheme == Uri.UriSchemeHttps,
        ConnectTimeout = Deadline,
        SslOptions = new SslClientAuthenticationOptions(),
    })
    {
        /// <summary>How far this machine's clock is ahead; to the second.</summary>
        public TimeSpan? Skew { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (response.Headers.Date is { } date)
            {
                Skew = time.GetUtcNow() - date;
            }

            return response;
        }
    }
}
