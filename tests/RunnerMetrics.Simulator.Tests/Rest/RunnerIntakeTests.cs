using System.Globalization;
using System.Net;
using System.Text;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Simulator.GitHub;
using RunnerMetrics.Simulator.GitHub.Rest;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Simulator.Tests.Rest;

/// <summary>What simulated runners in other processes tell a simulated GitHub.</summary>
public sealed class RunnerIntakeTests : IDisposable
{
    private readonly HttpClient _http = new PatientHttpClient();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Runner_ThatSaysThatItIsThere_IsRegisteredAndOnline_UntilItFallsSilent()
    {
        var clock = new ManualTimeProvider();
        await using var github = await FakeGitHub.StartAsync(time: clock);
        using var client = new FakeClient(github, clock);
        var token = await client.InstallationTokenAsync();

        Assert.Equal(1, await SeeAsync(github, "r 1", "chrome"));
        Assert.Equal(2, await SeeAsync(github, "r2", "standard"));
        Assert.Equal(1, await SeeAsync(github, "r 1", "chrome"));
        Assert.Equal(["1 r 1 online", "2 r2 online"], await RunnersAsync(client, token));

        clock.Advance(TimeSpan.FromSeconds(20));
        await SeeAsync(github, "r2", "standard");
        clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(["1 r 1 offline", "2 r2 online"], await RunnersAsync(client, token));
        await SeeAsync(github, "r 1", "chrome");
        Assert.Equal(["1 r 1 online", "2 r2 online"], await RunnersAsync(client, token));
    }

    [Fact]
    public async Task Job_OfARunner_IsKnownAndItsWebhookDelivered()
    {
        var clock = new ManualTimeProvider();
        await using var exporter = await FakeGitHub.StartAsync(time: clock); // whoever answers 202 to a POST
        await using var github = await FakeGitHub.StartAsync(time: clock);
        github.Hook.Url = new Uri(exporter.Url, RunnerIntake.Events);
        using var client = new FakeClient(github, clock);
        var token = await client.InstallationTokenAsync();
        await SeeAsync(github, "r1", "standard");
        var job = new WorkflowJobNews(5, "acme/shop", "CI", "build", 7, 1, new string('a', 40), "standard", clock.GetUtcNow());

        await TellAsync(github, job);
        clock.Advance(TimeSpan.FromSeconds(3));
        await TellAsync(github, job = job with { RunnerName = "r1", StartedAt = clock.GetUtcNow() });
        Assert.True((bool)(await client.AskAsync("/orgs/acme/actions/runners", token)).Body!["runners"]![0]!["busy"]!);
        clock.Advance(TimeSpan.FromSeconds(9));
        await TellAsync(github, job with { CompletedAt = clock.GetUtcNow(), Conclusion = JobConclusion.Failed });

        Assert.False((bool)(await client.AskAsync("/orgs/acme/actions/runners", token)).Body!["runners"]![0]!["busy"]!);
        var listed = Assert.Single((await client.AskAsync("/repos/acme/shop/actions/runs/7/attempts/1/jobs", token)).Body!["jobs"]!.AsArray())!;
        Assert.Equal(("failure", "r1", "build"), ((string?)listed["conclusion"], (string?)listed["runner_name"], (string?)listed["name"]));
        Assert.Equal(TimeSpan.FromSeconds(9), (DateTimeOffset)listed["completed_at"]! - (DateTimeOffset)listed["started_at"]!);
        Assert.Equal(["OK", "OK", "OK"], github.Hook.Deliveries.Select(delivery => delivery.Status));
    }

    [Fact]
    public async Task Request_ThatIsNoneOfThese_IsNotFound()
    {
        await using var github = await FakeGitHub.StartAsync();
        using var answer = await _http.GetAsync(new Uri(github.Url, RunnerIntake.Events), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<long> SeeAsync(FakeGitHub github, string name, string type)
    {
        using var answer = await _http.PutAsync(new Uri(github.Url, $"{RunnerIntake.Runners}/{Uri.EscapeDataString(name)}?type={type}"), null, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return long.Parse(await answer.Content.ReadAsStringAsync(Cancelled), CultureInfo.InvariantCulture);
    }

    private async Task TellAsync(FakeGitHub github, WorkflowJobNews job)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(github.Url, RunnerIntake.Events)) { Content = new StringContent(WorkflowJobPayload.Of(job), Encoding.UTF8, "application/json") };
        request.Headers.Add("X-GitHub-Event", "workflow_job");
        using var answer = await _http.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<string[]> RunnersAsync(FakeClient client, string token) =>
        [.. (await client.AskAsync("/orgs/acme/actions/runners", token)).Body!["runners"]!.AsArray().Select(runner => $"{runner!["id"]} {runner["name"]} {runner["status"]}")];
}
