namespace RunnerMetrics.Exporter.Webhooks;

/// <summary>The answer to a delivery: GitHub shows both.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What became of it, or what would be right.</param>
internal readonly record struct WebhookAnswer(int Status, string Text)
{
    public static WebhookAnswer Accepted(string text) => new(StatusCodes.Status202Accepted, text);

    public static WebhookAnswer BadRequest(string text) => new(StatusCodes.Status400BadRequest, text);

    public static WebhookAnswer Unavailable(string text) => new(StatusCodes.Status503ServiceUnavailable, text);
}
