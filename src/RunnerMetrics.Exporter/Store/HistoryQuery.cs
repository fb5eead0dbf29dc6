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

    /// <summary>Where the page begins; null at the end that comes first.</summary>
    public HistoryCursor? After { get; init; }

    /// <summary>Whether the oldest come first, and not the latest.</summary>
    public bool IsOldestFirst { get; init; }

    /// <summary>How long the page may be read for; no longer than half a second.</summary>
    public TimeSpan LongestRead { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Behind which row it begins, in the order that is asked for.</summary>
    public HistoryCursor Start
    {
        get
        {
            var first = new HistoryCursor((IsOldestFirst ? From : Until)?.ToUnixTimeMilliseconds() ?? (IsOldestFirst ? long.MinValue : long.MaxValue), long.MinValue);
            return After is { } after && (IsOldestFirst ? after.At >= first.At : after.At < first.At) ? after : first;
        }
    }

    /// <summary>The moment that the page does not go beyond, in milliseconds since 1970: the earliest that counts, or the first that counts no more.</summary>
    public long End => (IsOldestFirst ? Until : From)?.ToUnixTimeMilliseconds() ?? (IsOldestFirst ? long.MaxValue : long.MinValue);
}
