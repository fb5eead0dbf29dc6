namespace RunnerMetrics.Dashboards.Model;

/// <summary>One panel. Its place follows from the order in its row and its width.</summary>
/// <param name="Type">How it draws.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it shows, and how to read it.</param>
/// <param name="Unit">Grafana's id of a unit.</param>
/// <param name="Width">Columns, of the 24 that there are.</param>
/// <param name="Queries">What it asks.</param>
internal sealed record Panel(PanelType Type, string Title, string Description, string Unit, int Width, params IReadOnlyList<Query> Queries)
{
    /// <summary>What is shown where the input is not reported.</summary>
    public const string NotMeasured = "not measured";

    /// <summary>Rows of the grid; 30 pixels each.</summary>
    public int Height { get; init; } = 8;

    /// <summary>What is shown where there is no value.</summary>
    public string NoValue { get; init; } = NotMeasured;

    /// <summary>The least of the scale, or null.</summary>
    public double? Min { get; init; }

    /// <summary>The most of the scale, or null.</summary>
    public double? Max { get; init; }

    /// <summary>How many decimals values have, or null.</summary>
    public int? Decimals { get; init; }

    /// <summary>Whether series stand on each other.</summary>
    public bool Stacked { get; init; }

    /// <summary>Whether several numbers stand below each other, a line for each.</summary>
    public bool Listed { get; init; }

    /// <summary>Colours by value.</summary>
    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    /// <summary>Words for values.</summary>
    public IReadOnlyList<Mapping> Mappings { get; init; } = [];

    /// <summary>Series with a look of their own.</summary>
    public IReadOnlyList<Series> Series { get; init; } = [];

    /// <summary>Markdown, of a text panel.</summary>
    public string? Text { get; init; }

    /// <summary>The column that a table is sorted by, the greatest first.</summary>
    public string? SortedBy { get; init; }

    /// <summary>Where its series lead to; in a table nothing, for its columns have links of their own.</summary>
    public IReadOnlyList<Link> Links { get; init; } = [];

    /// <summary>Where the cells of a table's labels lead to, by label.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Link>> CellLinks { get; init; } = new Dictionary<string, IReadOnlyList<Link>>();

    /// <summary>Whether its values are of now, or of the whole range: asked for once, not for each step.</summary>
    public bool IsInstant => Type is PanelType.Stat or PanelType.Gauge or PanelType.BarGauge or PanelType.PieChart or PanelType.Table;
}
