using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace RunnerMetrics.Grpc;

/// <summary>Matches requests of a gRPC content type only, so that the fallback leaves every other request to the application.</summary>
internal sealed class GrpcContentTypeConstraint : IRouteConstraint
{
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is not null && GrpcHeaders.IsGrpcContentType(httpContext.Request.ContentType);
}
