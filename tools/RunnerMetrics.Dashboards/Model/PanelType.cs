namespace RunnerMetrics.Dashboards.Model;

/// <summary>How a panel draws. Only what every Grafana since 9.5 has built in.</summary>
internal enum PanelType
{
    Stat,
    Gauge,
    BarGauge,
    TimeSeries,
    Bars,
    Table,
    PieChart,
    StateTimeline,
    Heatmap,
    Text,
}
