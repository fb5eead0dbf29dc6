using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Core.Events;

/// <summary>
/// What is remembered of events and jobs for as long as a repetition can still arrive. It is bounded by time (the latest event's, never
/// a clock's) and by count, and forgets the oldest hour first; the last hour it never forgets.
/// </summary>
/// <remarks>
/// An open-addressing table in four arrays, because a fleet has millions of entries: 15 bytes a slot where a dictionary takes 60 an entry.
/// Nothing is removed singly: forgetting builds the table anew.
/// </remarks>
/// <typeparam name="TValue">What is remembered of each.</typeparam>
internal sealed class HorizonMap<TValue>(int horizonDays, int capacity)
    where TValue : unmanaged
{
    private const int SmallestTable = 64;
    private const double FullAt = 0.8;
    private const double Growth = 1.3;

    private readonly SortedDictionary<int, int> _countByHour = [];
    private Table _table = new(SmallestTable);
    private int _firstHour = int.MaxValue;
    private int _latestHour = int.MinValue;

    public int Count { get; private set; }

    private int OldestHour => _latestHour - (horizonDays * 24);

    /// <summary>Bits of the text's SHA-256: no sender can make two of its keys meet. 96 of them are kept.</summary>
    public static UInt128 KeyOf(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> utf8 = stackalloc byte[512];
        var source = Encoding.UTF8.TryGetBytes(text, utf8, out var written) ? utf8[..written] : Encoding.UTF8.GetBytes(text);
        SHA256.HashData(source, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    public bool TryGet(UInt128 key, [MaybeNullWhen(false)] out TValue value)
    {
        var slot = _table.Find(key);
        value = _table.Values[slot];
        return _table.IsTaken(slot);
    }

    /// <summary>Replaces what is remembered of a key that is there.</summary>
    public void Update(UInt128 key, TValue value) => _table.Values[_table.Find(key)] = value;

    /// <summary>Remembers a key; false where it was known.</summary>
    public bool TryAdd(UInt128 key, TValue value, DateTimeOffset at)
    {
        var hour = (int)(at.UtcTicks / TimeSpan.TicksPerHour);
        _latestHour = Math.Max(_latestHour, hour);
        Forget(capacity);
        if (_table.IsTaken(_table.Find(key)))
        {
            return false;
        }

        if (hour >= OldestHour)
        {
            Put(key, value, hour);
        }

        if (Count > capacity)
        {
            // Some more than one, so that the table is not built anew for each event.
            Forget(capacity - (capacity / 20));
        }

        return true;
    }

    /// <summary>Writes everything.</summary>
    public void Save(BinaryWriter writer, Action<BinaryWriter, TValue> saveValue)
    {
        writer.Write(_firstHour);
        writer.Write(_latestHour);
        writer.Write(Count);
        for (var slot = 0; slot < _table.Length; slot++)
        {
            if (_table.IsTaken(slot))
            {
                writer.Write(_table.Low[slot]);
                writer.Write(_table.High[slot]);
                writer.Write(_table.HourOf(slot));
                saveValue(writer, _table.Values[slot]);
            }
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote into an empty map.</summary>
    public void Load(BinaryReader reader, Func<BinaryReader, TValue> loadValue)
    {
        _firstHour = reader.ReadInt32();
        _latestHour = reader.ReadInt32();
        var count = reader.ReadInt32();

        // At its full size at once: the keys come in the order of their slots, and would crowd together in a table that grows.
        _table = new Table(Math.Max(SmallestTable, (int)(count / FullAt * Growth)), _firstHour);
        for (var i = 0; i < count; i++)
        {
            var low = reader.ReadUInt64();
            var key = new UInt128(reader.ReadUInt32(), low);
            var hour = reader.ReadInt32();
            Put(key, loadValue(reader), hour);
        }
    }

    private void Put(UInt128 key, TValue value, int hour)
    {
        if (Count + 1 > _table.Length * FullAt || !_table.Holds(hour))
        {
            Rebuild((int)Math.Max(SmallestTable, (Count + 1) / FullAt * Growth), Math.Min(hour, _firstHour));
        }

        _table.Put(_table.Find(key), key, value, hour);
        _countByHour[hour] = _countByHour.GetValueOrDefault(hour) + 1;
        _firstHour = Math.Min(_firstHour, hour);
        Count++;
    }

    private void Forget(int most)
    {
        if (Count == 0 || (_firstHour >= OldestHour && Count <= most))
        {
            return;
        }

        var before = Count;
        while (_countByHour.Count > 0 && (_firstHour < OldestHour || (Count > most && _countByHour.Count > 1)))
        {
            _countByHour.Remove(_firstHour, out var count);
            _firstHour = _countByHour.Count > 0 ? _countByHour.First().Key : int.MaxValue;
            Count -= count;
        }

        if (Count < before)
        {
            Rebuild((int)Math.Max(SmallestTable, Count / FullAt * Growth), Math.Min(_firstHour, _latestHour));
        }
    }

    private void Rebuild(int length, int firstHour)
    {
        var old = _table;
        _table = new Table(length, firstHour);
        for (var slot = 0; slot < old.Length; slot++)
        {
            if (old.IsTaken(slot) && old.HourOf(slot) is var hour && _countByHour.ContainsKey(hour))
            {
                var key = new UInt128(old.High[slot], old.Low[slot]);
                _table.Put(_table.Find(key), key, old.Values[slot], hour);
            }
        }
    }

    /// <summary>The slots. A key's is found by multiplication, so that the length can be any, and what is taken moves on to the next.</summary>
    private sealed class Table(int length, int firstHour = 0)
    {
        // Hours are kept from the first on, plus 1: 0 is a free slot.
        private readonly ushort[] _hours = new ushort[length];

        public int Length => length;

        public ulong[] Low { get; } = new ulong[length];

        public uint[] High { get; } = new uint[length];

        public TValue[] Values { get; } = new TValue[length];

        public bool IsTaken(int slot) => _hours[slot] != 0;

        public int HourOf(int slot) => firstHour + _hours[slot] - 1;

        public bool Holds(int hour) => hour - firstHour is >= 0 and < ushort.MaxValue;

        /// <summary>The slot of a key, or the free one where it belongs.</summary>
        public int Find(UInt128 key)
        {
            var (low, high) = ((ulong)key, (uint)(key >> 64));
            var slot = (int)Math.BigMul(low, (ulong)length, out _);
            while (_hours[slot] != 0 && (Low[slot] != low || High[slot] != high))
            {
                slot = slot + 1 == length ? 0 : slot + 1;
            }

            return slot;
        }

        public void Put(int slot, UInt128 key, TValue value, int hour)
        {
            Low[slot] = (ulong)key;
            High[slot] = (uint)(key >> 64);
            Values[slot] = value;
            _hours[slot] = (ushort)(hour - firstHour + 1);
        }
    }
}
