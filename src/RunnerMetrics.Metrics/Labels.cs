namespace RunnerMetrics.Metrics;

/// <summary>
/// The labels of a series. The first ones are rendered once and shared by all series of one owner (a runner); a last one
/// (a status) may differ from series to series.
/// </summary>
public readonly struct Labels
{
    private Labels(byte[] shared, LabelPair? last)
    {
        Shared = shared;
        Last = last;
    }

    /// <summary>No labels.</summary>
    public static Labels None { get; } = new([], null);

    internal byte[] Shared { get; }

    internal LabelPair? Last { get; }

    /// <summary>Renders labels, in this order.</summary>
    public static Labels Of(params ReadOnlySpan<(string Name, string Value)> labels) => new(LabelText.Render(labels), null);

    /// <summary>The same labels and one more behind them; the rendered ones are shared, not copied.</summary>
    public Labels With(LabelPair last) =>
        Last is null ? new Labels(Shared, last) : new Labels([.. Shared, .. Shared.Length > 0 ? ","u8 : [], .. Last.Text], last);
}
