using RunnerMetrics.Exporter.Commits;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>What the calls have in common: a query that is read before anything is looked up, and answers where that cannot be done.</summary>
internal sealed class ApiCall(CommitLoop commits, TimeProvider time)
{
    /// <summary>How long one call looks for what it is asked for in the history. Where that is not enough, its page is short and says where to go on.</summary>
    public static readonly TimeSpan LongestRead = TimeSpan.FromMilliseconds(30);

    private const string NoHistory = "This exporter keeps no history of jobs and deployments: start it with --data, and without --history off.";

    /// <summary>Answers a call that needs no history.</summary>
    /// <param name="context">The request.</param>
    /// <param name="description">What may stand in its query.</param>
    /// <param name="answer">Reads the query and gives what answers.</param>
    public async Task AnswerAsync(HttpContext context, ApiDescription description, Func<ApiQuery, Func<Task>> answer)
    {
        var query = new ApiQuery(context.Request.Query, description, time);
        var send = answer(query);
        if (query.Errors is { Count: > 0 } errors)
        {
            var problems = string.Join("; ", errors.Select(error => $"{error.Parameter} {error.Problem}"));
            await context.RefuseAsync(StatusCodes.Status400BadRequest, problems[^1] == '?' ? problems : problems + ".", errors);
            return;
        }

        try
        {
            await send();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException && !context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            await context.RefuseAsync(StatusCodes.Status503ServiceUnavailable, $"The history cannot be read now, try again later: {e.Message}");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    /// <summary>Answers a call about the history.</summary>
    /// <inheritdoc cref="AnswerAsync(HttpContext, ApiDescription, Func{ApiQuery, Func{Task}})" path="/param"/>
    public Task AnswerAsync(HttpContext context, ApiDescription description, Func<ApiQuery, Func<IHistory, Task>> answer) => AnswerAsync(context, description, query =>
    {
        var send = answer(query);
        return () => commits.History is { } history ? send(history) : context.RefuseAsync(StatusCodes.Status404NotFound, NoHistory);
    });
}
