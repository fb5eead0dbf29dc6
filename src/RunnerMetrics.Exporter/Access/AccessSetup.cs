using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.Secrets;

namespace RunnerMetrics.Exporter.Access;

/// <summary>Adds and maps who may read.</summary>
internal static class AccessSetup
{
    public static void AddAccess(this IServiceCollection services, ExporterOptions options)
    {
        services.AddSingleton<ReadingGate>();
        if (options.ReadTokenFile is { } path)
        {
            services.AddSingleton(provider => new ReadTokens(path, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ReadTokens>>()));
            services.AddSingleton<Sessions>();
            services.AddSingleton<SignInAttempts>();
            services.AddSingleton<SignIn>();
        }
    }

    /// <summary>Keeps each endpoint to those who may read it.</summary>
    public static void UseAccess(this WebApplication app)
    {
        var gate = app.Services.GetRequiredService<ReadingGate>();
        app.Use((context, next) => context.GetEndpoint()?.Metadata.GetMetadata<Reading>() is { } reading && gate.Refuse(context, reading) is { } refusal
            ? RefuseAsync(context, reading, refusal)
            : next(context));
    }

    public static void MapAccess(this IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<SignIn>() is { } signIn)
        {
            endpoints.MapMethods("/sign-in", [HttpMethods.Post], signIn.BeginAsync);
            endpoints.MapMethods("/sign-out", [HttpMethods.Post], SignIn.EndAsync);
        }
    }

    private static Task RefuseAsync(HttpContext context, Reading reading, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            if (reading == Reading.Page)
            {
                return SignInPage.SendAsync(context, refusal.Status, context.Request.Path + context.Request.QueryString);
            }
        }

        context.Response.StatusCode = refusal.Status;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = reading == Reading.Api ? "application/problem+json" : "text/plain; charset=utf-8";
        var text = reading == Reading.Api ? $$"""{"title":"{{ReasonPhrases.GetReasonPhrase(refusal.Status)}}","status":{{refusal.Status}},"detail":"{{JsonEncodedText.Encode(refusal.Text)}}"}""" : refusal.Text + "\n";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.WriteAsync(text, context.RequestAborted);
    }
}
