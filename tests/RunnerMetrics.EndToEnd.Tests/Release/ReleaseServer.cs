using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace RunnerMetrics.EndToEnd.Tests.Release;

/// <summary>Serves the files of a release on loopback, as a release's page does.</summary>
internal sealed class ReleaseServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReleaseServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single();

    public static async Task<ReleaseServer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder), ServeUnknownFileTypes = true });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new ReleaseServer(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
