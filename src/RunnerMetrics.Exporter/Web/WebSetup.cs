using RunnerMetrics.Hosting.Scraping;

namespace RunnerMetrics.Exporter.Web;

/// <summary>Adds and maps the page for people.</summary>
internal static class WebSetup
{
    public static void AddWeb(this IServiceCollection services) => services.AddSingleton<StatusPage>();

    public static void MapWeb(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapReading("/", endpoints.ServiceProvider.GetRequiredService<StatusPage>().ServeAsync);
}
