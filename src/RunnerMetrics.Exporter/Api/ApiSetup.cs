using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Exporter.Api.Events;
using RunnerMetrics.Hosting.Scraping;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Adds and maps the calls of the API.</summary>
internal static class ApiSetup
{
    public static void AddApi(this IServiceCollection services)
    {
        services.AddSingleton<ApiCall>();
        services.AddSingleton<OpenJobView>();
        services.AddSingleton<RunnerCalls>();
        services.AddSingleton<JobCalls>();
        services.AddSingleton<DeploymentCalls>();
        services.AddSingleton<OverviewCalls>();
        services.AddSingleton<GitHubCalls>();
        services.AddSingleton<EventStream>();
    }

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var runners = services.GetRequiredService<RunnerCalls>();
        var jobs = services.GetRequiredService<JobCalls>();
        var overview = services.GetRequiredService<OverviewCalls>();
        Map(ApiDescriptions.Summary, overview.SummarizeAsync);
        Map(ApiDescriptions.Health, overview.TellHealthAsync);
        Map(ApiDescriptions.OneRunner, runners.FindOneAsync);
        Map(ApiDescriptions.Jobs, jobs.FindAsync);
        Map(ApiDescriptions.OneJob, jobs.FindOneAsync);
        Map(ApiDescriptions.Queue, jobs.FindWaitingAsync);
        Map(ApiDescriptions.Deployments, services.GetRequiredService<DeploymentCalls>().FindAsync);
        Map(ApiDescriptions.GitHub, services.GetRequiredService<GitHubCalls>().TellAsync);
        Map(ApiDescriptions.Events, services.GetRequiredService<EventStream>().ServeAsync);
        endpoints.MapMethods(ApiDescriptions.Runners.Path, [HttpMethods.Get, HttpMethods.Head], runners.FindAsync).WithMetadata(Reading.Api).WithoutOwnTrace();
        endpoints.MapReading($"{ApiDescriptions.Root}/openapi.json", OpenApi.SendAsync).WithMetadata(Reading.Api).WithoutOwnTrace();
        endpoints.Map($"{ApiDescriptions.Root}/{{**path}}", context => context.RefuseAsync(
            StatusCodes.Status404NotFound, $"There is no such call: {string.Join(", ", ApiDescriptions.All.Select(call => call.Path))} are there.")).WithMetadata(Reading.Api);

        void Map(ApiDescription description, RequestDelegate answer) => endpoints.MapReading(description.Path, answer).WithMetadata(Reading.Api).WithoutOwnTrace();
    }
}
