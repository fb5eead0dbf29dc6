using System.Globalization;
using RunnerMetrics.Domain.Fleet;

namespace RunnerMetrics.Exporter.Secrets;

/// <summary>How much one token may send, so that one cannot use up what others need. Events beyond it are deferred, and nothing is lost.</summary>
/// <param name="newRunners">How many new runners it may report in an hour.</param>
/// <param name="events">How many events it may send in a minute.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBudget(int newRunners, int events, TimeProvider time) : INameBudget
{
    private readonly Window _names = new(newRunners, TimeSpan.FromHours(1), time);
    private readonly Window _events = new(events, TimeSpan.FromMinutes(1), time);

    /// <inheritdoc/>
    public string Refusal => Renewed($"the token has reported {newRunners} new runners within the hour, its limit", _names.RenewedIn);

    /// <summary>Why no further event is taken.</summary>
    public string EventsRefusal => Renewed($"the token has sent {events} events within the minute, its limit", _events.RenewedIn);

    /// <inheritdoc/>
    public bool TryTake() => _names.TryTake();

    /// <summary>Takes one event.</summary>
    /// <returns>False if none is left now.</returns>
    public bool TryTakeEvent() => _events.TryTake();

    private static string Renewed(string what, TimeSpan wait) => string.Create(CultureInfo.InvariantCulture, $"{what}: it may send more in {wait.TotalSeconds:F0} s");

    private sealed class Window(int most, TimeSpan length, TimeProvider time)
    {
        private readonly Lock _gate = new();
        private long _since = time.GetTimestamp();
        private int _taken;

        public TimeSpan RenewedIn
        {
            get
            {
                lock (_gate)
                {
                    var left = length - time.GetElapsedTime(_since);
                    return left > TimeSpan.Zero ? left : TimeSpan.Zero;
                }
            }
        }

        public bool TryTake()
        {
            lock (_gate)
            {
                if (time.GetElapsedTime(_since) >= length)
                {
                    (_since, _taken) = (time.GetTimestamp(), 0);
                }

                return _taken < most && ++_taken > 0;
            }
        }
    }
}
