using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Web;

/// <summary>Adds and maps the page for people.</summary>
internal static class WebSetup
{
    public static void AddWeb(this IServiceCollection services)
    {
        services.AddSingleton<Assets>();
        services.AddSingleton<LivePage>();
    }

    public static void MapWeb(this IEndpointRouteBuilder endpoints)
    {
        var assets = endpoints.ServiceProvider.GetRequiredService<Assets>();
        endpoints.MapReading("/", endpoints.ServiceProvider.GetRequiredService<LivePage>().ServeAsync).WithMetadata(Reading.Page);
        foreach (var path in (ReadOnlySpan<string>)["/favicon.svg", "/assets/{file}", "/assets/{version}/{file}"])
        {
            endpoints.MapReading(path, assets.ServeAsync).WithoutOwnTrace();
        }
    }
}
