using System.Net.Security;

namespace RunnerMetrics.Grpc;

/// <summary>How a channel calls. Read once, when the channel is made.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>Gives the bearer token, asked anew for each call so that it can be rotated; null, or a null token, sends none.</summary>
    public Func<string?>? BearerToken { get; set; }

    /// <summary>Further metadata for each call: lower-case names, printable ASCII values. Not grpc-*, which is the protocol's own.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; set; }

    /// <summary>The longest response message in bytes, as received and as inflated; 4 MiB by default.</summary>
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Whether a request of 1 KiB or more that gzip shrinks is sent so; false by default, since a server may not know gzip.</summary>
    public bool CompressRequests { get; set; }

    /// <summary>The clock for deadlines.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How long to wait for a connection; 10 s by default.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a connection with calls under way may be silent before it is pinged; 20 s by default. One that does not
    /// answer within 10 s is dropped, and its calls fail with UNAVAILABLE.
    /// </summary>
    public TimeSpan KeepAlivePingDelay { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>TLS: own authorities, a client certificate. Not used with <see cref="Handler"/>.</summary>
    public SslClientAuthenticationOptions? Ssl { get; set; }

    /// <summary>Takes the place of the channel's own handler, e.g. a test server's. It is the caller's to dispose.</summary>
    public HttpMessageHandler? Handler { get; set; }
}
