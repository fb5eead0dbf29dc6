namespace RunnerMetrics.Exporter.Api;

/// <summary>A parameter of a query, as the description of the API has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does, for people.</param>
internal sealed record ApiParameter(string Name, string Description)
{
    /// <summary>The words that it takes; empty where it takes more than words.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Whether it is a whole number.</summary>
    public bool IsNumber { get; init; }

    /// <summary>The largest number that it takes.</summary>
    public int? Most { get; init; }

    /// <summary>What it is where it is not given; null where nothing is asked for then.</summary>
    public string? Default { get; init; }

    /// <summary>What one looks like.</summary>
    public string? Example { get; init; }

    /// <summary>Whether the call is wrong without it.</summary>
    public bool IsRequired { get; init; }
}
