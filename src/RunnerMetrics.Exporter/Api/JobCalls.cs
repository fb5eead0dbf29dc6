using RunnerMetrics.Domain.Jobs;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Answers which jobs ran, run and wait.</summary>
internal sealed class JobCalls(ApiCall call, OpenJobView view)
{
    /// <summary><c>GET /api/v1/jobs</c>.</summary>
    public Task FindAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.Jobs, query =>
    {
        var asked = Read(query);
        var isCsv = query.Word(ApiParameters.Format) == "csv";
        return history => isCsv ? JobCsv.SendAsync(context, history, asked, view) : SendPageAsync(context, history, asked);
    });

    /// <summary><c>GET /api/v1/jobs/{id}</c>.</summary>
    public Task FindOneAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.OneJob, _ => async history =>
    {
        var id = context.Request.RouteValues["id"] as string;
        var job = HistoryCursor.TryParse(id, out var place) ? await history.FindAsync(place, context.RequestAborted) : null;
        await (job is null
            ? context.RefuseAsync(StatusCodes.Status404NotFound, $"There is no job of that id, or none any more: {ApiDescriptions.Jobs.Path} lists those that are known, each with its id.")
            : context.SendAsync(view.Describe([job])[0], ApiJson.Default.JobAnswer));
    });

    /// <summary><c>GET /api/v1/queue</c>.</summary>
    public Task FindWaitingAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.Queue, query =>
    {
        var asked = new JobQuery
        {
            RunnerType = query.Text(ApiParameters.RunnerType),
            Repository = query.Text(ApiParameters.Repository),
            Workflow = query.Text(ApiParameters.Workflow),
            Text = query.Text(ApiParameters.Text),
            MostState = WorkflowJobState.Queued,
            IsOldestFirst = true,
            Limit = query.Limit(ApiParameters.Limit),
            After = query.Cursor(ApiParameters.After),
            LongestRead = ApiCall.LongestRead,
        };
        return async history => await context.SendAsync(await QueueAsync(history, asked, context.RequestAborted), ApiJson.Default.QueueAnswer);
    });

    /// <summary>A page of the jobs that wait.</summary>
    public async Task<QueueAnswer> QueueAsync(IHistory history, JobQuery asked, CancellationToken cancelled)
    {
        var page = await history.FindAsync(asked, cancelled);
        var counts = await history.CountAsync(DateTimeOffset.MaxValue, cancelled);
        return new QueueAnswer
        {
            Items = view.Describe(page.Items),
            Next = page.Next?.ToString(),
            Waiting =
            [
                .. counts.Open.Where(open => open.State <= WorkflowJobState.Queued).Select(open => new WaitingAnswer
                {
                    Type = open.RunnerType, State = open.State == WorkflowJobState.Queued ? "queued" : "waiting", Jobs = open.Count, OldestAt = open.OldestAt,
                }),
            ],
        };
    }

    private async Task SendPageAsync(HttpContext context, IHistory history, JobQuery asked)
    {
        var page = await history.FindAsync(asked, context.RequestAborted);
        var jobs = view.Describe(page.Items);
        var state = context.Request.Query[ApiParameters.JobState.Name].FirstOrDefault();
        var items = state is "running" or "unresolved" ? [.. jobs.Where(job => job.State == state)] : jobs;
        await context.SendAsync(new JobsAnswer { Items = items, Next = page.Next?.ToString() }, ApiJson.Default.JobsAnswer);
    }

    private static JobQuery Read(ApiQuery query)
    {
        var reason = ReasonOf(query.Word(ApiParameters.Reason));
        var (least, most) = StatesOf(query.Word(ApiParameters.JobState));
        return new JobQuery
        {
            Scope = query.Text(ApiParameters.Scope),
            RunnerName = query.Text(ApiParameters.Runner),
            RunnerType = query.Text(ApiParameters.RunnerType),
            Repository = query.Text(ApiParameters.Repository),
            Workflow = query.Text(ApiParameters.Workflow),
            Conclusion = ConclusionOf(query.Word(ApiParameters.Conclusion)),
            Reason = reason,
            LeastState = least,
            MostState = most,
            Text = query.Text(ApiParameters.Text),
            From = query.Time(ApiParameters.From),
            Until = query.Time(ApiParameters.Until),
            IsOldestFirst = query.Word(ApiParameters.Sort) == "time",
            Limit = query.Limit(ApiParameters.Limit),
            After = query.Cursor(ApiParameters.After),
            LongestRead = ApiCall.LongestRead,
        };
    }

    private static (WorkflowJobState? Least, WorkflowJobState? Most) StatesOf(string? word) => word switch
    {
        "waiting" => (WorkflowJobState.Waiting, WorkflowJobState.Waiting),
        "queued" => (WorkflowJobState.Queued, WorkflowJobState.Queued),
        "running" or "unresolved" => (WorkflowJobState.InProgress, WorkflowJobState.InProgress),
        "completed" => (WorkflowJobState.Completed, null),
        "open" => (null, WorkflowJobState.InProgress),
        _ => (null, null),
    };

    private static JobConclusion? ConclusionOf(string? word) => Enum.GetValues<JobConclusion>().Cast<JobConclusion?>().FirstOrDefault(conclusion => word is not null && JobAnswer.WordOf(conclusion) == word);

    private static JobFailureReason? ReasonOf(string? word) => Enum.GetValues<JobFailureReason>().Cast<JobFailureReason?>().FirstOrDefault(reason => word is not null && JobAnswer.WordOf(reason) == word);
}
