using RunnerMetrics.Domain.Fleet;
using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Access;
using RunnerMetrics.Exporter.Api;
using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Web;

/// <summary><c>GET /</c>: the page, its first view whole without a script. The script goes on from there.</summary>
internal sealed class LivePage(OverviewCalls overview, OpenJobView openJobs, JobCalls jobs, GitHubCalls gitHub, FleetState fleet, CommitLoop commits, Assets assets, TimeProvider time, ReadingGate gate)
{
    /// <summary>How much of each list the first view has.</summary>
    private const int Runners = 60, Open = 100, Waiting = 20, Failed = 10, Recent = 50, Deployments = 10;

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public async Task ServeAsync(HttpContext context)
    {
        var view = await LookAsync(context.Request.Query, context.RequestAborted);
        var html = PageHtml.Render(view, PageFilter.Of(context.Request.Query), assets.Version, gate.HasSessions);
        SignInPage.Protect(context.Response);
        await context.SendAsync(System.Text.Encoding.UTF8.GetBytes(html), "text/html; charset=utf-8");
    }

    private async Task<PageView> LookAsync(IQueryCollection query, CancellationToken cancelled)
    {
        var now = time.GetUtcNow();
        var known = fleet.Describe();
        var filter = PageFilter.Of(query);
        var seen = new PageView
        {
            Now = now,
            Summary = await overview.SummarizeAsync(now - Day, cancelled),
            Health = overview.TellHealth(),
            GitHub = gitHub.Tell(),
            Runners = RunnerCalls.PageOf([.. known.Where(filter.Means)], "state", Runners),
        };
        if (commits.History is not { } history)
        {
            return seen;
        }

        try
        {
            var open = await history.FindAsync(
                filter.Open() with { LeastState = WorkflowJobState.InProgress, MostState = WorkflowJobState.InProgress, IsOldestFirst = true, Limit = Open }, cancelled);
            return seen with
            {
                Open = openJobs.Describe(open.Items),
                Queue = await jobs.QueueAsync(history, filter.Open() with { MostState = WorkflowJobState.Queued, IsOldestFirst = true, Limit = Waiting }, cancelled),
                Failed = (await JobsAsync(history, filter.Open() with { Conclusion = JobConclusion.Failed, Limit = Failed }, cancelled)).Items,
                Jobs = await JobsAsync(history, filter.Jobs(now) with { Limit = Recent }, cancelled),
                Deployments = await DeploymentCalls.FindAsync(history, new DeploymentQuery { Limit = Deployments, LongestRead = ApiCall.LongestRead }, cancelled),
            };
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return seen with { Problem = e.Message };
        }
    }

    private async Task<Api.Answers.JobsAnswer> JobsAsync(IHistory history, JobQuery asked, CancellationToken cancelled)
    {
        var page = await history.FindAsync(asked, cancelled);
        return new Api.Answers.JobsAnswer { Items = openJobs.Describe(page.Items), Next = page.Next?.ToString() };
    }
}
