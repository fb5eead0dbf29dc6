using System.Security.Authentication;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using RunnerMetrics.Agent.Configuration;
using RunnerMetrics.Agent.Delivery;
using RunnerMetrics.Contracts.V1;
using Serving = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace RunnerMetrics.Agent.Doctor;

/// <summary>Whether the collector answers, over TLS if configured, accepts the token, and has the same time.</summary>
internal static class CollectorCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan TolerableSkew = TimeSpan.FromSeconds(30);

    /// <summary>A call that carries it only asks: the collector does not count what it refuses as a sender's fault.</summary>
    private const string Probe = "runner-metrics-probe";

    public static async Task<IReadOnlyList<Finding>> LookAsync(Uri collector, string? tokenFile, TimeProvider time, CancellationToken stop)
    {
        using var timer = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, stop);
        var findings = new List<Finding>();
        try
        {
            await LookAsync(collector, tokenFile, time, findings, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            findings.Add(Finding.Problem("collector", $"{collector} gave no answer within {Patience.TotalSeconds:0} s. Is the exporter running, and does a firewall block the port?"));
        }

        return findings;
    }

    private static async Task LookAsync(Uri collector, string? tokenFile, TimeProvider time, List<Finding> findings, CancellationToken stop)
    {
        TimeSpan? ahead = null;
        using var channel = CollectorChannel.Open(collector, answer => ahead = answer.Headers.Date is { } date ? time.GetUtcNow() - date : ahead);
        try
        {
            var request = new HealthCheckRequest { Service = JobEventCollector.Descriptor.FullName };
            var health = await new Health.HealthClient(channel).CheckAsync(request, cancellationToken: stop);
            findings.Add(health.Status == Serving.Serving
                ? Finding.Ok("collector", $"{collector} answers{(collector.Scheme == Uri.UriSchemeHttps ? ", and its certificate is valid" : "")}.")
                : Finding.Problem("collector", $"{collector} answers, but does not accept events now. Check the exporter's /ready."));
        }
        catch (RpcException failure)
        {
            findings.Add(Unreachable(collector, failure));
            return;
        }

        if (collector is { Scheme: "http", IsLoopback: false })
        {
            findings.Add(Finding.Ok("tls", "Not used: anyone on the network path can read the token. Outside your own network, use https://."));
        }

        findings.Add(Read(tokenFile, out var token) ?? await LookAtTokenAsync(channel, tokenFile, token, stop));
        findings.Add(LookAtClock(ahead));
    }

    private static Finding Unreachable(Uri collector, RpcException failure)
    {
        var reason = CallFailure.ReasonOf(failure);
        for (var cause = failure.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return Finding.Problem(
                    "tls", $"{collector} cannot be trusted ({cause.Message}) Use a name that is in its certificate; for your own authority, set SSL_CERT_FILE to its certificate.");
            }
        }

        return failure.Status.DebugException is NotGrpcException || failure.StatusCode is StatusCode.NotFound or StatusCode.Unimplemented
            ? Finding.Problem("collector", $"{collector} answers, but is not a collector ({reason}) Give --collector the exporter's gRPC port, 9095 by default.")
            : Finding.Problem("collector", $"{collector} does not answer ({reason}) Is the exporter running, is this its gRPC port (9095 by default), and does a firewall block it?");
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

    // An empty batch: an allowed sender is told that it is empty, and nothing changes.
    private static async Task<Finding> LookAtTokenAsync(GrpcChannel channel, string? tokenFile, string? token, CancellationToken stop)
    {
        try
        {
            var headers = BearerHeader.Of(token);
            headers.Add(Probe, "doctor");
            await new JobEventCollector.JobEventCollectorClient(channel).ReportEventsAsync(new ReportEventsRequest(), headers, cancellationToken: stop);
        }
        catch (DeliveryException failure)
        {
            return Finding.Problem("token", $"{failure.Message} Write it into {tokenFile} again.");
        }
        catch (RpcException failure) when (CallFailure.ProblemOf(failure) == DeliveryProblem.Unauthenticated)
        {
            return Finding.Problem("token", tokenFile is null
                ? "The collector requires a token. Give --token-file a file with one of the tokens in the exporter's --token-file."
                : $"The collector does not know the token in {tokenFile}. Use one of the tokens in the exporter's --token-file; it is read again within seconds.");
        }
        catch (RpcException failure)
        {
            if (failure.StatusCode != StatusCode.InvalidArgument)
            {
                return Finding.Problem("token", $"The token could not be checked: {CallFailure.ReasonOf(failure)}");
            }
        }

        return Finding.Ok("token", tokenFile is null ? "The collector requires none." : "The collector accepts it.");
    }

    private static Finding LookAtClock(TimeSpan? skew) => skew switch
    {
        null => Finding.Ok("clock", "The collector does not send its time, so the clocks were not compared."),
        { } ahead when ahead.Duration() > TolerableSkew => Finding.Problem(
            "clock", $"This machine's clock is {ahead.Duration().TotalSeconds:F0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} the collector's. Use NTP on both."),
        _ => Finding.Ok("clock", "It agrees with the collector's."),
    };
}
