using System.Net;

namespace RunnerMetrics.Exporter.Access;

/// <summary>How often somebody may try a token that is none: a few times a minute from one address, and from all of them together not so often that guessing gets anywhere.</summary>
internal sealed class SignInAttempts(TimeProvider time)
{
    private const int MostOfOne = 10, MostOfAll = 300;

    /// <summary>How long a failure counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _failures = [];
    private long _since = time.GetTimestamp();
    private int _all;

    /// <summary>Whether an address may try once more.</summary>
    public bool MayTry(IPAddress address)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_since) >= Window)
            {
                (_since, _all) = (time.GetTimestamp(), 0);
                _failures.Clear();
            }

            return _all < MostOfAll && _failures.GetValueOrDefault(address) < MostOfOne;
        }
    }

    /// <summary>Counts a failure.</summary>
    public void Fail(IPAddress address)
    {
        lock (_gate)
        {
            _all++;
            _failures[address] = _failures.GetValueOrDefault(address) + 1;
        }
    }
}
