using RunnerMetrics.Exporter.Commits;

namespace RunnerMetrics.Exporter.Live;

/// <summary>Adds the feed of what happens, and connects it to what makes it durable.</summary>
internal static class LiveSetup
{
    public static void AddLive(this IServiceCollection services) => services.AddSingleton<LiveFeed>();

    public static void UseLive(this WebApplication app) =>
        app.Services.GetRequiredService<CommitLoop>().Committed = app.Services.GetRequiredService<LiveFeed>().Add;
}
