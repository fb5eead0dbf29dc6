namespace RunnerMetrics.Exporter.Api;

/// <summary><c>GET /api/v1/openapi.json</c>: the description of the API, which is made of <see cref="ApiDescriptions"/> beforehand and embedded.</summary>
internal static class OpenApi
{
    public static async Task SendAsync(HttpContext context)
    {
        await using var document = typeof(OpenApi).Assembly.GetManifestResourceStream("openapi.json")!;
        var body = new byte[document.Length];
        await document.ReadExactlyAsync(body, context.RequestAborted);
        await context.SendAsync(body, "application/vnd.oai.openapi+json;version=3.1");
    }
}
