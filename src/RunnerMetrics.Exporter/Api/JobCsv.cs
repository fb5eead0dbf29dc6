using System.Globalization;
using System.Text;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Sends all jobs that a query finds as comma-separated values (RFC 4180), a page of the history at a time: each is whole before it is sent.</summary>
internal static class JobCsv
{
    /// <summary>How many rows one answer has at most: a spreadsheet takes them, and the history is not read for minutes.</summary>
    private const int MostRows = 50_000;

    private const string Head =
        "id,name,workflow,repository,state,conclusion,reason,runner,type,scope,run_id,run_attempt,check_run_id,queued_at,started_at,steps_started_at,completed_at,wait_seconds,setup_seconds,run_seconds,url\r\n";

    public static async Task SendAsync(HttpContext context, IHistory history, JobQuery asked, OpenJobView view)
    {
        var (response, cancelled) = (context.Response, context.RequestAborted);
        var query = asked with { Limit = HistoryQuery.MostItems };
        var page = await history.FindAsync(query, cancelled);
        response.ContentType = "text/csv; charset=utf-8; header=present";
        response.Headers.ContentDisposition = "attachment; filename=\"jobs.csv\"";
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        await response.WriteAsync(Head, cancelled);
        for (var rows = 0; ; page = await history.FindAsync(query with { After = page.Next }, cancelled))
        {
            var text = new StringBuilder();
            foreach (var job in view.Describe(page.Items).Take(MostRows - rows))
            {
                Append(text, job);
            }

            await response.WriteAsync(text.ToString(), cancelled);
            rows += page.Items.Count;
            if (page.Next is null || rows >= MostRows)
            {
                return;
            }
        }
    }

    private static void Append(StringBuilder text, JobAnswer job)
    {
        object?[] fields =
        [
            job.Id, job.Name, job.Workflow, job.Repository, job.State, job.Conclusion, job.Reason, job.Runner, job.Type, job.Scope, job.RunId, job.RunAttempt, job.CheckRunId,
            job.QueuedAt, job.StartedAt, job.StepsStartedAt, job.CompletedAt, job.WaitSeconds, job.SetupSeconds, job.RunSeconds, job.Url,
        ];
        text.AppendJoin(',', fields.Select(Field)).Append("\r\n");
    }

    private static string Field(object? value) => value switch
    {
        null => "",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        string text => Quote(text),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // A stranger names jobs: what a spreadsheet would take for a formula gets a quote in front of it (https://owasp.org/www-community/attacks/CSV_Injection).
    private static string Quote(string text)
    {
        var plain = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' ? "'" + text : text;
        return plain.AsSpan().IndexOfAny(",\"\r\n") < 0 ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
