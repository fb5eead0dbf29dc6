using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Exporter.Configuration;
using RunnerMetrics.Exporter.GitHub;

namespace RunnerMetrics.Exporter.Tests.GitHub;

/// <summary>A server that answers as GitHub does, and points elsewhere.</summary>
public class CredentialLeakTests
{
    [Theory]
    [InlineData("link")]
    [InlineData("redirect")]
    public async Task Answer_ThatPointsElsewhere_TakesNoCredentialThere(string how)
    {
        List<string> elsewhere = [];
        await using var thief = await ServeAsync(context =>
        {
            elsewhere.Add(context.Request.Headers.Authorization.ToString());
            return Task.CompletedTask;
        });
        List<string> asked = [];
        await using var server = await ServeAsync(context =>
        {
            asked.Add(context.Request.Path + context.Request.QueryString);
            if (how == "redirect")
            {
                context.Response.Redirect($"{thief.Urls.First()}/orgs/acme/actions/runners");
                return Task.CompletedTask;
            }

            if (!context.Request.Query.ContainsKey("page"))
            {
                context.Response.Headers.Link = $"<{thief.Urls.First()}/orgs/acme/actions/runners?page=2>; rel=\"next\"";
            }

            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"total_count":0,"runners":[]}""");
        });
        await using var rig = await GitHubRig.StartAsync();
        var client = rig.Client(new GitHubOptions { TokenFile = rig.Write("token", "github_pat_x\n"), Api = new Uri(server.Urls.First()), Scopes = ["acme"] });

        var failure = await client.GetPagesAsync("/orgs/acme/actions/runners", GitHubJson.Default.RunnersPart, _ => true, TestContext.Current.CancellationToken);

        Assert.Empty(elsewhere);
        Assert.Equal(how == "redirect" ? ["/orgs/acme/actions/runners"] : ["/orgs/acme/actions/runners", "/orgs/acme/actions/runners?page=2"], asked);
        Assert.Equal(how == "redirect", failure is not null);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(answer);
        await server.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }
}
