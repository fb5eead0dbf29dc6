namespace RunnerMetrics.Exporter.GitHub;

/// <summary>A webhook of which no try was answered well yet.</summary>
/// <param name="guid"><c>X-GitHub-Delivery</c>, of all tries.</param>
/// <param name="event">The event.</param>
internal sealed class MissedDelivery(string guid, string @event)
{
    /// <summary>How often it is asked for at the most: what the exporter answers badly six times, it will answer badly again.</summary>
    public const int MostTries = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(5);

    private readonly HashSet<long> _redeliveries = [];
    private int _asked;

    public string Guid => guid;

    public string Event => @event;

    /// <summary>When it was first delivered: what is oldest is asked for first.</summary>
    public DateTimeOffset FirstAt { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>The latest try, which is the one to repeat.</summary>
    public long LatestId { get; private set; }

    /// <summary>How the latest try went: <c>failed to connect to host</c>.</summary>
    public string LatestStatus { get; private set; } = "";

    public bool IsGivenUp { get; set; }

    /// <summary>How often it was asked for, by this exporter or before a restart, or by somebody else.</summary>
    public int Tries => Math.Max(_asked, _redeliveries.Count);

    private DateTimeOffset NextTryAt { get; set; } = DateTimeOffset.MinValue;

    public bool IsDue(DateTimeOffset now) => !IsGivenUp && Tries < MostTries && now >= NextTryAt;

    /// <summary>Whether its last try failed and no other one may be made.</summary>
    public bool IsExhausted(DateTimeOffset now) => !IsGivenUp && Tries >= MostTries && now >= NextTryAt;

    public void Take(DeliveryPart part)
    {
        FirstAt = part.DeliveredAt < FirstAt ? part.DeliveredAt : FirstAt;
        (LatestId, LatestStatus) = part.Id > LatestId ? (part.Id, part.Status ?? "") : (LatestId, LatestStatus);
        if (part.Redelivery)
        {
            _redeliveries.Add(part.Id);
        }
    }

    public void Asked(DateTimeOffset now)
    {
        _asked = Tries + 1;
        NextTryAt = now + (FirstPause * (1 << Math.Min(_asked - 1, MostTries)));
    }
}
