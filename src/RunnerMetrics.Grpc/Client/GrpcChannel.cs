using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>
/// A server to call. Calls share its HTTP/2 connection, which is made at the first call and again whenever it is lost.
/// Safe for concurrent use.
/// </summary>
public sealed class GrpcChannel : IDisposable
{
    private static readonly TimeSpan KeepAlivePingTimeout = TimeSpan.FromSeconds(10);

    /// <summary>So that a server's changed address is found.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    private static readonly string UserAgent = $"runner-metrics-grpc/{typeof(GrpcChannel).Assembly.GetName().Version?.ToString(3)}";

    private readonly Uri _address;
    private readonly HttpMessageInvoker _http;
    private readonly TimeProvider _timeProvider;
    private readonly Func<string?>? _bearerToken;
    private readonly KeyValuePair<string, string>[] _metadata;
    private readonly int _maxResponseBytes;
    private readonly bool _compressRequests;

    /// <summary>Makes a channel; it connects when it is first used.</summary>
    /// <param name="address"><c>http://host:port</c> (HTTP/2 without TLS) or <c>https://host:port</c>.</param>
    /// <param name="options">How to call; null for the defaults.</param>
    /// <exception cref="ArgumentException">The address is neither, or has a path; or metadata is not what a header carries.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="GrpcChannelOptions.MaxResponseBytes"/> is not positive.</exception>
    public GrpcChannel(Uri address, GrpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.PathAndQuery != "/" || address.UserInfo.Length > 0)
        {
            throw new ArgumentException("A gRPC address is http://HOST:PORT or https://HOST:PORT, without user or path.", nameof(address));
        }

        options ??= new GrpcChannelOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxResponseBytes, nameof(options));
        _address = address;
        _http = options.Handler is { } handler
            ? new HttpMessageInvoker(handler, disposeHandler: false)
            : new HttpMessageInvoker(CreateHandler(address, options), disposeHandler: true);
        _timeProvider = options.TimeProvider;
        _bearerToken = options.BearerToken;
        _metadata = CheckMetadata(options.Metadata);
        _maxResponseBytes = MessageReader.ClampLimit(options.MaxResponseBytes);
        _compressRequests = options.CompressRequests;
    }

    /// <summary>Calls a method and waits for its answer. Nothing is retried here.</summary>
    /// <typeparam name="TRequest">The request's message.</typeparam>
    /// <typeparam name="TResponse">The response's message.</typeparam>
    /// <param name="method">The method.</param>
    /// <param name="request">The request; not to be changed before the call is done.</param>
    /// <param name="deadline">How long to wait, connecting included: told to the server, and kept here too. Null: as long as it takes.</param>
    /// <param name="cancellationToken">Gives the call up.</param>
    /// <returns>The response.</returns>
    /// <exception cref="GrpcException">The call failed; <see cref="GrpcException.IsRetryable"/> says whether to repeat it.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> fired.</exception>
    /// <exception cref="ObjectDisposedException">The channel is disposed.</exception>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? deadline, CancellationToken cancellationToken)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        if (deadline <= TimeSpan.Zero)
        {
            throw TransportFailure.DeadlinePassed(method.Path, null);
        }

        using CancellationTokenSource timer = deadline <= GrpcTimeout.LongestTimer
            ? new CancellationTokenSource(deadline.Value, _timeProvider)
            : new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using HttpRequestMessage message = CreateRequest(method, request, deadline);
            using HttpResponseMessage response = await _http.SendAsync(message, either.Token);
            return await UnaryResponse.ReadAsync(method.Path, response, method.ResponseParser, _maxResponseBytes, either.Token);
        }
        // HttpClient wraps what goes wrong on a socket, but not where the other side resets the connection as it is made (.NET 10: HttpConnectionPool).
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or SocketException)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException($"The call of {method.Path} was cancelled.", exception, cancellationToken);
            }

            throw timer.IsCancellationRequested
                ? TransportFailure.DeadlinePassed(method.Path, exception)
                : TransportFailure.FromException(method.Path, exception);
        }
    }

    /// <summary>Closes the connection; calls under way fail.</summary>
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage CreateRequest<TRequest, TResponse>(
        GrpcMethod<TRequest, TResponse> method, TRequest request, TimeSpan? deadline)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        MemoryStream? compressed = _compressRequests ? Gzip.TryCompress(request, request.CalculateSize()) : null;
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, method.Path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new GrpcRequestContent(request, compressed),
        };
        HttpRequestHeaders headers = message.Headers;
        headers.TryAddWithoutValidation("User-Agent", UserAgent);
        // Servers take this for the sign that trailers reach the client; grpcio refuses calls without it.
        headers.TryAddWithoutValidation("TE", "trailers");
        headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, GrpcHeaders.AcceptedEncodings);
        if (compressed is not null)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Encoding, Gzip.Name);
        }

        if (deadline is { } timeout)
        {
            headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Format(timeout));
        }

        foreach ((string name, string value) in _metadata)
        {
            headers.TryAddWithoutValidation(name, value);
        }

        if (_bearerToken?.Invoke() is { } token)
        {
            if (token.AsSpan().ContainsAnyExceptInRange('!', '~'))
            {
                throw new GrpcException(
                    GrpcStatusCode.Unauthenticated, "The bearer token holds a space, a line end or another character that no header carries.");
            }

            headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        }

        return message;
    }

    private static KeyValuePair<string, string>[] CheckMetadata(IReadOnlyDictionary<string, string>? metadata)
    {
        using var probe = new HttpRequestMessage();
        foreach ((string name, string value) in metadata ?? new Dictionary<string, string>())
        {
            bool isOurs = name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase);
            if (isOurs || value.AsSpan().ContainsAnyExceptInRange(' ', '~') || !probe.Headers.TryAddWithoutValidation(name, value))
            {
                // Its value may be a secret.
                throw new ArgumentException($"Metadata '{name}' is not a header that a call can carry.", nameof(metadata));
            }
        }

        return [.. metadata ?? new Dictionary<string, string>()];
    }

    private static SocketsHttpHandler CreateHandler(Uri address, GrpcChannelOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // An HTTP proxy forwards no HTTP/2 without TLS; with TLS it tunnels.
            UseProxy = address.Scheme == Uri.UriSchemeHttps,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = options.KeepAlivePingDelay,
            KeepAlivePingTimeout = KeepAlivePingTimeout,
            // Servers of other makes take pings on an idle connection for abuse.
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };
        if (options.Ssl is { } ssl)
        {
            handler.SslOptions = ssl;
        }

        return handler;
    }
}
