using Google.Protobuf;
using RunnerMetrics.Domain.Memory;

namespace RunnerMetrics.Domain.Fleet;

/// <summary>Large tables in a snapshot: packed, and in pieces that are small beside the state.</summary>
internal static class SavedTables
{
    private const int KeysAPiece = 4096;

    public static IEnumerable<Saved.Piece> Save(this HorizonMap<byte> map, Func<Saved.HourTable, Saved.Piece> tablePiece, Func<Saved.HourKeys, Saved.Piece> keysPiece)
    {
        var table = new Saved.HourTable { LatestHour = map.LatestHour, Count = (uint)map.Count };
        table.Buckets.AddRange(map.Buckets.Select(bucket => new Saved.HourTable.Types.Bucket { Hour = bucket.Hour, Part = bucket.Part, Id = bucket.Id }));
        yield return tablePiece(table);

        var keys = new Saved.HourKeys();
        var values = new byte[KeysAPiece];
        var left = map.Count;
        foreach (var (key, bucketId, value) in map.Entries)
        {
            values[keys.Low.Count] = value;
            keys.Low.Add((ulong)key);
            keys.High.Add((uint)(key >> 64));
            keys.BucketId.Add(bucketId);
            left--;
            if (keys.Low.Count == KeysAPiece || left == 0)
            {
                var told = values.AsSpan(0, keys.Low.Count);
                keys.Values = told.ContainsAnyExcept((byte)0) ? ByteString.CopyFrom(told) : ByteString.Empty;
                yield return keysPiece(keys);
                keys.Low.Clear();
                keys.High.Clear();
                keys.BucketId.Clear();
            }
        }
    }

    public static void Load(this HorizonMap<byte> map, Saved.HourTable table) =>
        map.Restore(table.LatestHour, (int)table.Count, table.Buckets.Select(bucket => (bucket.Hour, bucket.Part, (ushort)bucket.Id)));

    public static void Load(this HorizonMap<byte> map, Saved.HourKeys keys)
    {
        for (var i = 0; i < keys.Low.Count; i++)
        {
            map.Restore(new UInt128(keys.High[i], keys.Low[i]), (ushort)keys.BucketId[i], keys.Values.IsEmpty ? (byte)0 : keys.Values[i]);
        }
    }

    public static IEnumerable<Saved.Piece> Save(this RecentMap<UInt128> map, Func<Saved.KeyPairs, Saved.Piece> piece)
    {
        foreach (var part in map.Entries.Chunk(KeysAPiece / 4))
        {
            var pairs = new Saved.KeyPairs();
            foreach (var (key, day, value) in part)
            {
                pairs.Keys.AddKey(key);
                pairs.Values.AddKey(value);
                pairs.Days.Add(day);
            }

            yield return piece(pairs);
        }
    }

    public static void Load(this RecentMap<UInt128> map, Saved.KeyPairs pairs)
    {
        for (var i = 0; i < pairs.Days.Count; i++)
        {
            map.Restore(pairs.Keys.KeyAt(i), pairs.Days[i], pairs.Values.KeyAt(i));
        }
    }
}
