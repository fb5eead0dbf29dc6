namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>What stands around a payload.</summary>
/// <param name="Id"><c>X-GitHub-Delivery</c>: the same when it is delivered again.</param>
/// <param name="EnterpriseHost"><c>X-GitHub-Enterprise-Host</c>: the Enterprise Server that sent it; empty from github.com.</param>
/// <param name="ReceivedAt">When it came in.</param>
internal sealed record WebhookDelivery(string Id, string EnterpriseHost, DateTimeOffset ReceivedAt)
{
    /// <summary>The id of the first, or only, event of the delivery.</summary>
    public string EventId => $"delivery:{Id}";
}
