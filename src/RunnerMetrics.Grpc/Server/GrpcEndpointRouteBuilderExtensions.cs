using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Grpc.Health;

namespace RunnerMetrics.Grpc;

/// <summary>
/// Maps gRPC methods as endpoints. They need an HTTP/2 port: with TLS, or with <c>Protocols = Http2</c> without.
/// Kestrel's MinRequestBodyDataRate (240 bytes/s) applies, and drops a client that dawdles with its request.
/// </summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Maps a unary method.</summary>
    /// <typeparam name="TRequest">The request's message.</typeparam>
    /// <typeparam name="TResponse">The response's message.</typeparam>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="method">The method.</param>
    /// <param name="handler">Answers a call.</param>
    /// <param name="options">How to serve it; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="GrpcServerOptions.MaxRequestBytes"/> is not positive.</exception>
    public static IEndpointConventionBuilder MapGrpcUnary<TRequest, TResponse>(
        this IEndpointRouteBuilder endpoints,
        GrpcMethod<TRequest, TResponse> method,
        GrpcUnaryHandler<TRequest, TResponse> handler,
        GrpcServerOptions? options = null)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(handler);
        options ??= new GrpcServerOptions();
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxRequestBytes, nameof(options));

        TimeProvider timeProvider = options.TimeProvider ?? endpoints.ServiceProvider.GetService<TimeProvider>() ?? TimeProvider.System;
        ILogger logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("RunnerMetrics.Grpc.Server");
        var endpoint = new UnaryEndpoint<TRequest, TResponse>(method, handler, options, timeProvider, logger);

        // For every HTTP method: the endpoint itself answers 405, where routing would hand a GET on to the fallback.
        return endpoints.Map(RoutePatternFactory.Parse(method.Path), (RequestDelegate)endpoint.InvokeAsync)
            .WithDisplayName($"gRPC {method.Path}");
    }

    /// <summary>Maps <c>grpc.health.v1.Health/Check</c>.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="status">Says how a service is, "" for the whole server; null, for one that it does not know, is answered with NOT_FOUND.</param>
    /// <param name="options">How to serve it; null for the defaults.</param>
    public static IEndpointConventionBuilder MapGrpcHealth(
        this IEndpointRouteBuilder endpoints, Func<string, GrpcHealthStatus?> status, GrpcServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(status);
        return endpoints.MapGrpcUnary(HealthMethods.Check, (request, _) => ValueTask.FromResult(HealthMethods.Answer(request, status)), options);
    }

    /// <summary>Answers every other gRPC call with UNIMPLEMENTED. Requests of other content types pass it by.</summary>
    /// <param name="endpoints">Where to map it.</param>
    public static IEndpointConventionBuilder MapGrpcUnimplemented(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        RoutePattern pattern = RoutePatternFactory.Parse(
            "{**path}", defaults: null, parameterPolicies: new RouteValueDictionary { ["path"] = new GrpcContentTypeConstraint() });
        IEndpointConventionBuilder builder = endpoints.Map(pattern, AnswerUnimplemented).WithDisplayName("gRPC unimplemented");
        builder.Add(static endpoint => ((RouteEndpointBuilder)endpoint).Order = int.MaxValue);
        return builder;
    }

    private static Task AnswerUnimplemented(HttpContext context)
    {
        if (!GrpcRequestGate.Refuses(context))
        {
            GrpcResponse.Fail(context, new GrpcStatus(GrpcStatusCode.Unimplemented, "This server has no such service or method."));
        }

        return Task.CompletedTask;
    }
}
