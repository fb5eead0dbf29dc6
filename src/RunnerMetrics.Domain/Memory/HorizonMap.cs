using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace RunnerMetrics.Domain.Memory;

/// <summary>
/// What is remembered of events and jobs as long as a duplicate can still arrive. It is bounded by time (the latest event's, never
/// a clock's) and by count, and forgets the oldest first.
/// </summary>
/// <remarks>
/// An open-addressing table in four arrays, because a fleet has millions of entries: 15 bytes per slot, while a dictionary takes 60 per entry.
/// Nothing is removed singly: an entry belongs to a bucket, an hour's or a part of one, and forgetting buckets rebuilds the table.
/// </remarks>
/// <typeparam name="TValue">What is remembered of each.</typeparam>
internal sealed class HorizonMap<TValue>(int horizonDays, int capacity)
    where TValue : unmanaged
{
    private const int SmallestTable = 64;
    private const double FullAt = 0.8;
    private const double Growth = 1.3;

    private readonly SortedSet<Bucket> _buckets = [];
    private readonly Dictionary<int, Bucket> _openByHour = [];
    private readonly Bucket?[] _byId = new Bucket?[ushort.MaxValue + 1];
    private readonly int _largestBucket = Math.Max(1, capacity / 16);
    private Table _table = new(SmallestTable);
    private int _latestHour = int.MinValue;
    private ushort _lastId;

    public int Count { get; private set; }

    /// <summary>The hour of the latest event, since the year 1.</summary>
    public int LatestHour => _latestHour;

    /// <summary>In which hour, and in which part of it, the entries came that have a bucket's id.</summary>
    public IEnumerable<(int Hour, int Part, ushort Id)> Buckets => _buckets.Select(bucket => (bucket.Hour, bucket.Part, bucket.Id));

    /// <summary>All that is remembered; 96 bits of each key.</summary>
    public IEnumerable<(UInt128 Key, ushort BucketId, TValue Value)> Entries
    {
        get
        {
            for (var slot = 0; slot < _table.Length; slot++)
            {
                if (_table.IsTaken(slot))
                {
                    yield return (new UInt128(_table.High[slot], _table.Low[slot]), _table.BucketIds[slot], _table.Values[slot]);
                }
            }
        }
    }

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

    /// <summary>Remembers a key; false if it was known.</summary>
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
            Put(key, value, BucketOf(hour));
        }

        if (Count > capacity)
        {
            // Some more than one, so that the table is not built again for each event.
            Forget(capacity - (capacity / 20));
        }

        return true;
    }

    /// <summary>Makes an empty map ready for what one held before: first its buckets, then <see cref="Restore(UInt128, ushort, TValue)">each of its keys</see>.</summary>
    public void Restore(int latestHour, int count, IEnumerable<(int Hour, int Part, ushort Id)> buckets)
    {
        _latestHour = latestHour;
        foreach (var (hour, part, id) in buckets)
        {
            Open(hour, part, id);
        }

        // At its full size at once: the keys come in the order of their slots, and would crowd together in a table that grows.
        _table = new Table(RoomFor(count));
    }

    /// <summary>Puts a key where it was.</summary>
    /// <exception cref="ArgumentException">There is no such bucket.</exception>
    public void Restore(UInt128 key, ushort bucketId, TValue value) =>
        Put(key, value, _byId[bucketId] ?? throw new ArgumentException($"There is no bucket {bucketId}.", nameof(bucketId)));

    private static int RoomFor(int count) => Math.Max(SmallestTable, (int)((count + 1) / FullAt * Growth));

    private void Put(UInt128 key, TValue value, Bucket bucket)
    {
        if (Count + 1 > _table.Length * FullAt)
        {
            Rebuild();
        }

        _table.Put(_table.Find(key), key, value, bucket.Id);
        bucket.Count++;
        Count++;
    }

    private Bucket BucketOf(int hour) => _openByHour.TryGetValue(hour, out var open) && open.Count < _largestBucket
        ? open
        : Open(hour, open is null ? 0 : open.Part + 1, FreeId());

    private Bucket Open(int hour, int part, ushort id)
    {
        var bucket = new Bucket(hour, part, id);
        _buckets.Add(bucket);
        _openByHour[hour] = bucket;
        return _byId[id] = bucket;
    }

    // There are far fewer buckets than ids: an hour each of the horizon, and a few parts more.
    private ushort FreeId()
    {
        do
        {
            _lastId++;
        }
        while (_lastId == 0 || _byId[_lastId] is not null);
        return _lastId;
    }

    private void Forget(int most)
    {
        var before = Count;
        while (_buckets.Min is { } oldest && (oldest.Hour < OldestHour || (Count > most && _buckets.Count > 1)))
        {
            _buckets.Remove(oldest);
            _byId[oldest.Id] = null;
            Count -= oldest.Count;
            if (_openByHour[oldest.Hour] == oldest)
            {
                _openByHour.Remove(oldest.Hour);
            }
        }

        if (Count < before)
        {
            Rebuild();
        }
    }

    private void Rebuild()
    {
        var old = _table;
        _table = new Table(RoomFor(Count));
        for (var slot = 0; slot < old.Length; slot++)
        {
            if (old.IsTaken(slot) && _byId[old.BucketIds[slot]] is { } bucket)
            {
                var key = new UInt128(old.High[slot], old.Low[slot]);
                _table.Put(_table.Find(key), key, old.Values[slot], bucket.Id);
            }
        }
    }

    private sealed class Bucket(int hour, int part, ushort id) : IComparable<Bucket>
    {
        public int Hour => hour;

        public int Part => part;

        public ushort Id => id;

        public int Count { get; set; }

        public int CompareTo(Bucket? other) => (hour, part).CompareTo((other!.Hour, other.Part));
    }

    /// <summary>The slots. A key's is found by multiplication, so that the length can be any, and what is taken moves on to the next.</summary>
    private sealed class Table(int length)
    {
        public int Length => length;

        public ulong[] Low { get; } = new ulong[length];

        public uint[] High { get; } = new uint[length];

        public TValue[] Values { get; } = new TValue[length];

        /// <summary>0 is a free slot.</summary>
        public ushort[] BucketIds { get; } = new ushort[length];

        public bool IsTaken(int slot) => BucketIds[slot] != 0;

        /// <summary>The slot of a key, or the free one where it belongs.</summary>
        public int Find(UInt128 key)
        {
            var (low, high) = ((ulong)key, (uint)(key >> 64));
            var slot = (int)Math.BigMul(low, (ulong)length, out _);
            while (BucketIds[slot] != 0 && (Low[slot] != low || High[slot] != high))
            {
                slot = slot + 1 == length ? 0 : slot + 1;
            }

            return slot;
        }

        public void Put(int slot, UInt128 key, TValue value, ushort bucketId)
        {
            Low[slot] = (ulong)key;
            High[slot] = (uint)(key >> 64);
            Values[slot] = value;
            BucketIds[slot] = bucketId;
        }
    }
}
