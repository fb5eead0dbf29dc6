namespace RunnerMetrics.Exporter.Tests.Store;

/// <summary>A disk whose power goes: what was synced is there, and of the rest any sector, or none.</summary>
internal sealed class CutDisk
{
    private const int Sector = 512;

    private readonly Dictionary<string, (byte[] Durable, List<SystemCalls.Call> Pending)> _files = [];

    public void Do(SystemCalls.Call call)
    {
        var name = Path.GetFileName(call.File);
        switch (call.Name)
        {
            case "unlink":
                _files.Remove(name);
                break;
            case "rename" when _files.Remove(name, out var file):
                _files[Path.GetFileName(call.Other)] = file;
                break;
            case "pwrite64" or "ftruncate":
                _files.TryAdd(name, ([], []));
                _files[name].Pending.Add(call);
                break;
            case "fsync" when _files.TryGetValue(name, out var synced):
                _files[name] = (After(synced, _ => true), []);
                break;
        }
    }

    /// <summary>Leaves in a folder what a cut leaves.</summary>
    public void Cut(string folder, Random random)
    {
        var share = random.Next(5) / 4.0;
        foreach (var (name, file) in _files.Where(file => file.Key is "store.db" or "store.db-wal" || file.Key.StartsWith("store.db.new", StringComparison.Ordinal)))
        {
            File.WriteAllBytes(Path.Combine(folder, name), After(file, _ => random.NextDouble() < share));
        }
    }

    private static byte[] After((byte[] Durable, List<SystemCalls.Call> Pending) file, Func<SystemCalls.Call, bool> happens)
    {
        var bytes = file.Durable;
        foreach (var call in file.Pending)
        {
            if (call.Name == "ftruncate")
            {
                if (happens(call))
                {
                    bytes = bytes.Length > call.Number ? bytes[..(int)call.Number] : [.. bytes, .. new byte[call.Number - bytes.Length]];
                }

                continue;
            }

            for (var at = 0; at < call.Bytes.Length;)
            {
                var to = call.Number + at;
                var count = (int)Math.Min(call.Bytes.Length - at, Sector - (to % Sector));
                if (happens(call))
                {
                    bytes = bytes.Length >= to + count ? (byte[])bytes.Clone() : [.. bytes, .. new byte[to + count - bytes.Length]];
                    call.Bytes.AsSpan(at, count).CopyTo(bytes.AsSpan((int)to));
                }

                at += count;
            }
        }

        return bytes;
    }
}
