namespace RunnerMetrics.Exporter.Configuration;

/// <summary>Options that are several things, with commas between them.</summary>
internal static class Lists
{
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    public static (IReadOnlyList<string>? Value, string? Problem) Parse(string text) => (text.Split(',', Trimmed), null);

    /// <summary>Reads <c>gpu=chrome,arc-set=standard</c>.</summary>
    public static (IReadOnlyDictionary<string, string>? Value, string? Problem) ParseLabels(string text)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(',', Trimmed))
        {
            if (pair.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } label, { Length: > 0 } type])
            {
                return (null, $"'{pair}' is not LABEL=TYPE: give such as gpu=chrome,arc-set=standard");
            }

            types[label.ToLowerInvariant()] = type;
        }

        return (types, null);
    }

    public static (WebhookJobs Value, string? Problem) ParseWebhookJobs(string text) => text switch
    {
        "all" => (WebhookJobs.All, null),
        "known" => (WebhookJobs.Known, null),
        _ => (default, "is neither 'all' nor 'known'"),
    };
}
