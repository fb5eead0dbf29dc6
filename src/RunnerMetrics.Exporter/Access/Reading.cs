namespace RunnerMetrics.Exporter.Access;

/// <summary>What an endpoint lets people and programs read; as metadata of the endpoint. What has none of it is open.</summary>
internal sealed class Reading
{
    /// <summary>The page: whoever is not let in may sign in.</summary>
    public static readonly Reading Page = new();

    /// <summary>The API.</summary>
    public static readonly Reading Api = new();

    /// <summary>What Prometheus scrapes: it asks for a token, but is off nowhere.</summary>
    public static readonly Reading Metrics = new();

    private Reading()
    {
    }
}
