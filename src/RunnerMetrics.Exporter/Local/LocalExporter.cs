using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Local;

/// <summary>The exporter that runs on this machine, as reached by a command of the same program.</summary>
internal static class LocalExporter
{
    /// <summary>Where it serves HTTP.</summary>
    /// <param name="options">The exporter's options.</param>
    public static Uri AddressOf(ExporterOptions options)
    {
        var host = options.Bind.Equals(IPAddress.Any) ? IPAddress.Loopback : options.Bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : options.Bind;
        return new UriBuilder(options.TlsCertificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, host.ToString(), options.HttpPort).Uri;
    }

    /// <summary>A client for it.</summary>
    /// <param name="options">The exporter's options.</param>
    /// <param name="deadline">How long an answer may take.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="IOException">The certificate cannot be read.</exception>
    /// <exception cref="CryptographicException">The certificate is none.</exception>
    public static async Task<HttpClient> ConnectAsync(ExporterOptions options, TimeSpan deadline, CancellationToken stop)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (options.TlsCertificate is { } file)
        {
            // It is asked by an address that its certificate need not hold; this very certificate is the one to trust.
            var own = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file, stop)).GetCertHashString(HashAlgorithmName.SHA256);
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == own;
        }

        return new HttpClient(handler) { BaseAddress = AddressOf(options), Timeout = deadline };
    }

    /// <summary>Whether a failure is one of reaching it, which its message explains.</summary>
    public static bool IsAway(Exception failure) => failure is HttpRequestException or OperationCanceledException or IOException or CryptographicException or UnauthorizedAccessException;
}
