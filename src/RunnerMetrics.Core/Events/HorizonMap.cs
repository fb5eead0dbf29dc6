using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Core.Events;

/// <summary>
/// What is remembered of events and jobs for as long as a repetition can still arrive. It is bounded by time (the latest event's, never
/// a clock's) and by count, and forgets the oldest day first.
/// </summary>
/// <typeparam name="TValue">What is remembered of each.</typeparam>
internal sealed class HorizonMap<TValue>(int horizonDays, int capacity)
{
    private readonly Dictionary<UInt128, TValue> _values = [];
    private readonly SortedDictionary<int, List<UInt128>> _days = [];
    private int _latestDay = int.MinValue;

    public int Count => _values.Count;

    /// <summary>The first 128 bits of the text's SHA-256: no sender can make two of its keys meet.</summary>
    public static UInt128 KeyOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> utf8 = stackalloc byte[512];
        var source = Encoding.UTF8.TryGetBytes(text, utf8, out var written) ? utf8[..written] : Encoding.UTF8.GetBytes(text);
        SHA256.HashData(source, hash);
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public bool TryGet(UInt128 key, [MaybeNullWhen(false)] out TValue value) => _values.TryGetValue(key, out value);

    /// <summary>Replaces what is remembered of a key that is there.</summary>
    public void Update(UInt128 key, TValue value) => _values[key] = value;

    /// <summary>Remembers a key; false where it was known.</summary>
    public bool TryAdd(UInt128 key, TValue value, DateTimeOffset at)
    {
        if (!_values.TryAdd(key, value))
        {
            return false;
        }

        var day = (int)(at.UtcTicks / TimeSpan.TicksPerDay);
        if (!_days.TryGetValue(day, out var keys))
        {
            _days[day] = keys = [];
        }

        keys.Add(key);
        _latestDay = Math.Max(_latestDay, day);
        Forget();
        return true;
    }

    private void Forget()
    {
        while (_days.Count > 1)
        {
            var (day, keys) = _days.First();
            if (day >= _latestDay - horizonDays && _values.Count <= capacity)
            {
                return;
            }

            foreach (var key in keys)
            {
                _values.Remove(key);
            }

            _days.Remove(day);
        }
    }
}
