namespace RunnerMetrics.Exporter.Store;

/// <summary>The common part of history queries. A null filter is not applied.</summary>
internal abstract record HistoryQuery
{
    /// <summary>The most that one page holds.</summary>
    public const int MostItems = 500;

    /// <summary>The earliest moment that counts.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first moment that counts no more.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary><c>owner/name</c>, in any case.</summary>
    public string? Repository { get; init; }

    /// <summary>How many the page holds at most: 1 to <see cref="MostItems"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is none of these.</exception>
    public int Limit
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostItems);
            field = value;
        }
    } = 50;

    /// <summary>Where the page begins; null at the latest.</summary>
    public HistoryCursor? After { get; init; }

    /// <summary>In front of which row it begins.</summary>
    public HistoryCursor Start
    {
        get
        {
            var until = new HistoryCursor(Until?.ToUnixTimeMilliseconds() ?? long.MaxValue, long.MinValue);
            return After is { } after && after.At < until.At ? after : until;
        }
    }
}
