using Google.Protobuf;

namespace RunnerMetrics.Grpc;

/// <summary>A unary method of a service, as both server and client name it.</summary>
/// <typeparam name="TRequest">The request's message.</typeparam>
/// <typeparam name="TResponse">The response's message.</typeparam>
public sealed class GrpcMethod<TRequest, TResponse>
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>Describes a method.</summary>
    /// <param name="service">The service's full name, with its package: <c>runnermetrics.v1.JobEventCollector</c>.</param>
    /// <param name="name">The method's name: <c>ReportEvents</c>.</param>
    /// <param name="requestParser">Parses requests, on the server.</param>
    /// <param name="responseParser">Parses responses, on the client.</param>
    /// <exception cref="ArgumentException">A name is empty.</exception>
    public GrpcMethod(string service, string name, MessageParser<TRequest> requestParser, MessageParser<TResponse> responseParser)
    {
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(requestParser);
        ArgumentNullException.ThrowIfNull(responseParser);
        Service = service;
        Name = name;
        Path = $"/{service}/{name}";
        RequestParser = requestParser;
        ResponseParser = responseParser;
    }

    /// <summary>The service's full name.</summary>
    public string Service { get; }

    /// <summary>The method's name.</summary>
    public string Name { get; }

    /// <summary>The HTTP path: <c>/service/name</c>.</summary>
    public string Path { get; }

    internal MessageParser<TRequest> RequestParser { get; }

    internal MessageParser<TResponse> ResponseParser { get; }
}
