namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>What a read of the next line gave.</summary>
internal enum LineRead
{
    /// <summary>Nothing more for now.</summary>
    None,

    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The file ends here and will not grow; the next line is the first of another file.</summary>
    PageEnd,
}
