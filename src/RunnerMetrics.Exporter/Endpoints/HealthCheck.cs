using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RunnerMetrics.Exporter.Configuration;

namespace RunnerMetrics.Exporter.Endpoints;

/// <summary><c>runner-metrics-exporter health</c>: asks the exporter that runs here for <c>/health</c>, for images that hold no other program that could.</summary>
internal static class HealthCheck
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4);

    /// <param name="options">What the exporter was told by the environment; its arguments are not known here.</param>
    /// <param name="stop">Gives up.</param>
    /// <returns>0 where it answers, else 1.</returns>
    public static async Task<int> RunAsync(ExporterOptions options, CancellationToken stop)
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler) { Timeout = Deadline };
        var host = options.Bind.Equals(IPAddress.Any) ? IPAddress.Loopback : options.Bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : options.Bind;
        var url = new UriBuilder(options.TlsCertificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps, host.ToString(), options.HttpPort, "/health").Uri;
        try
        {
            if (options.TlsCertificate is { } file)
            {
                // It is asked by an address that its certificate need not hold; this very certificate is the one to trust.
                var own = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(file, stop)).GetCertHashString(HashAlgorithmName.SHA256);
                handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == own;
            }

            using var answer = await client.GetAsync(url, stop);
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException or CryptographicException)
        {
            await Console.Error.WriteLineAsync($"{url} does not answer: {failure.Message}");
            return 1;
        }
    }
}
