using RunnerMetrics.Domain.Deployments;
using RunnerMetrics.Exporter.Api.Answers;
using RunnerMetrics.Exporter.Store;

namespace RunnerMetrics.Exporter.Api;

/// <summary>Answers which deployments were made.</summary>
internal sealed class DeploymentCalls(ApiCall call)
{
    /// <summary><c>GET /api/v1/deployments</c>.</summary>
    public Task FindAsync(HttpContext context) => call.AnswerAsync(context, ApiDescriptions.Deployments, query =>
    {
        var state = query.Word(ApiParameters.DeploymentState);
        var asked = new DeploymentQuery
        {
            Repository = query.Text(ApiParameters.Repository),
            Environment = query.Text(ApiParameters.Environment),
            State = Enum.GetValues<DeploymentState>().Cast<DeploymentState?>().FirstOrDefault(known => state is not null && DeploymentAnswer.WordOf(known!.Value) == state),
            From = query.Time(ApiParameters.From),
            Until = query.Time(ApiParameters.Until),
            IsOldestFirst = query.Word(ApiParameters.Sort) == "time",
            Limit = query.Limit(ApiParameters.Limit),
            After = query.Cursor(ApiParameters.After),
            LongestRead = ApiCall.LongestRead,
        };
        return async history => await context.SendAsync(await FindAsync(history, asked, context.RequestAborted), ApiJson.Default.DeploymentsAnswer);
    });

    /// <summary>A page of deployments.</summary>
    public static async Task<DeploymentsAnswer> FindAsync(IHistory history, DeploymentQuery asked, CancellationToken cancelled)
    {
        var page = await history.FindAsync(asked, cancelled);
        return new DeploymentsAnswer { Items = [.. page.Items.Select(DeploymentAnswer.Of)], Next = page.Next?.ToString() };
    }
}
