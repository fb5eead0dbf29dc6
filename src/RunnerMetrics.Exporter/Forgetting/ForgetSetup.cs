namespace RunnerMetrics.Exporter.Forgetting;

/// <summary>Adds and maps what forgets runners.</summary>
internal static class ForgetSetup
{
    public static void AddForgetting(this IServiceCollection services)
    {
        services.AddSingleton<RunnerForgetter>();
        services.AddSingleton<ForgetEndpoint>();
    }

    public static void MapForgetting(this IEndpointRouteBuilder endpoints) =>
        endpoints.Map(ForgetEndpoint.Path, endpoints.ServiceProvider.GetRequiredService<ForgetEndpoint>().ServeAsync);
}
