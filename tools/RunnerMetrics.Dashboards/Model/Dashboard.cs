namespace RunnerMetrics.Dashboards.Model;

/// <summary>A dashboard.</summary>
/// <param name="Uid">Its fixed id, which is the name of its file and the end of its address.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What it is for.</param>
/// <param name="From">How far it looks back at first.</param>
/// <param name="Variables">Its variables, beside the data source.</param>
/// <param name="Rows">Its rows.</param>
internal sealed record Dashboard(string Uid, string Title, string Description, string From, IReadOnlyList<Variable> Variables, IReadOnlyList<Row> Rows)
{
    /// <summary>Those that it belongs to.</summary>
    public DashboardFamily Family { get; init; } = DashboardFamily.Runners;
}
