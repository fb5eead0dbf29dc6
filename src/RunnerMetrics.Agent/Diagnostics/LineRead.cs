namespace RunnerMetrics.Agent.Diagnostics;

/// <summary>What a read of the next line gave.</summary>
internal enum LineRead
{
    /// <summary>Nothing more for now.</summary>
    None,

    /// <summary>A whole line.</summary>
    Line,

    /// <summary>The file is at its end for good; the next line is another file's first.</summary>
    PageEnd,
}
