namespace RunnerMetrics.Dashboards.Model;

/// <summary>One query of a panel. In a table it makes a column, which has the legend for its title.</summary>
/// <param name="Expression">PromQL, with Grafana's variables.</param>
/// <param name="Legend">What its series are called; <c>{{label}}</c> stands for a label's value.</param>
internal sealed record Query(string Expression, string Legend)
{
    /// <summary>The unit of a table's column, where it is not the panel's.</summary>
    public string? Unit { get; init; }

    /// <summary>How many decimals a table's column has.</summary>
    public int? Decimals { get; init; }

    /// <summary>How wide a table's column is, in pixels; null: as wide as others without a width.</summary>
    public int? Width { get; init; }

    /// <summary>The words of a table's column.</summary>
    public IReadOnlyList<Mapping> Mappings { get; init; } = [];

    /// <summary>The colours of a table's column.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>Where the cells of a table's column lead to.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Whether the column is there for its labels only.</summary>
    public bool Hidden { get; init; }
}
