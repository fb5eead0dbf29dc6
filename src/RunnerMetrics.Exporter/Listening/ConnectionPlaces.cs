using Microsoft.AspNetCore.Connections;

namespace RunnerMetrics.Exporter.Listening;

/// <summary>
/// The places for connections of one port. If all are taken, a new connection gets the place of the one that has been idle longest; if all
/// are active, the new one is refused. So idle connections do not block others.
/// </summary>
/// <param name="most">How many there are.</param>
/// <param name="port">The port's name, for people.</param>
/// <param name="logger">Is told once a minute at most.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionPlaces(int most, string port, TimeProvider time, ILogger<ConnectionPlaces> logger)
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly LinkedList<Place> _idle = []; // who has been idle for the longest time comes first
    private long? _warnedAt;
    private int _taken;

    /// <summary>How many are taken.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <summary>Accepts a connection and passes it on, or closes it.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = new Place(this, connection);
        if (!TryEnter(place, out var leaving))
        {
            connection.Abort();
            return;
        }

        leaving?.Abort(new ConnectionAbortedException("The connection was idle, and another one needed its place."));
        connection.Features.Set(place);
        try
        {
            await next(connection);
        }
        finally
        {
            Leave(place);
        }
    }

    private bool TryEnter(Place place, out ConnectionContext? leaving)
    {
        leaving = null;
        var isFull = false;
        lock (_gate)
        {
            if (_taken >= most)
            {
                isFull = true;
                if (_idle.First is { } longest)
                {
                    leaving = longest.Value.Connection;
                    Release(longest.Value);
                }
            }

            if (!isFull || leaving is not null)
            {
                _taken++;
                place.IsIn = true;
                place.Node = _idle.AddLast(place);
            }

            isFull &= _warnedAt is not { } at || time.GetElapsedTime(at) >= BetweenWarnings;
            _warnedAt = isFull ? time.GetTimestamp() : _warnedAt;
        }

        if (isFull)
        {
            ListeningLog.Full(logger, most, port);
        }

        return place.IsIn;
    }

    private void Leave(Place place)
    {
        lock (_gate)
        {
            Release(place);
        }
    }

    private void Release(Place place)
    {
        if (place.IsIn)
        {
            place.IsIn = false;
            _taken--;
            Unlink(place);
        }
    }

    private void Unlink(Place place)
    {
        if (place.Node is { } node)
        {
            _idle.Remove(node);
            place.Node = null;
        }
    }

    /// <summary>One connection's place.</summary>
    public sealed class Place(ConnectionPlaces places, ConnectionContext connection)
    {
        private int _requests;

        public ConnectionContext Connection => connection;

        internal bool IsIn { get; set; }

        internal LinkedListNode<Place>? Node { get; set; }

        /// <summary>A request begins: it has all of its head.</summary>
        public void Begin()
        {
            lock (places._gate)
            {
                if (_requests++ == 0)
                {
                    places.Unlink(this);
                }
            }
        }

        /// <summary>A request ended.</summary>
        public void End()
        {
            lock (places._gate)
            {
                if (--_requests == 0 && IsIn)
                {
                    Node = places._idle.AddLast(this);
                }
            }
        }
    }
}
