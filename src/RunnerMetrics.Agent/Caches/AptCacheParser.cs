using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Reads what apt-get writes, in English (<c>LC_ALL=C</c>). Of an update: <c>Hit:2 http://… Release</c> is a hit, <c>Get:4 http://… Packages [1666 B]</c> a
/// miss, <c>Ign:</c> neither. Of an installation: each <c>Get:</c> is a package that was fetched, a miss. apt does not name the packages that it had, but
/// says how many it needs and how much of them it must get (<c>Need to get 52.5 kB/106 kB of archives.</c>): those that it did not fetch are hits, once it
/// says that it fetched the rest. Where something failed, they are not counted.
/// </summary>
internal sealed partial class AptCacheParser : ICacheParser
{
    private ulong _hits;
    private ulong _misses;
    private ulong _packages;
    private ulong _fetched;
    private bool _awaited;

    public CacheCount Count => new(_hits, _misses);

    public void Read(ReadOnlySpan<byte> line)
    {
        if (line.Length > 1000)
        {
            return;
        }

        if (line.StartsWith("Hit:"u8))
        {
            _hits++;
        }
        else if (line.StartsWith("Get:"u8))
        {
            _misses++;
            _fetched++;
        }
        else if (line.StartsWith("Err:"u8) || line.StartsWith("E: "u8))
        {
            _awaited = false;
        }
        else if (line.StartsWith("Need to get "u8))
        {
            // Need to get 0 B/106 kB of archives.
            var had = line.IndexOf((byte)'/') > 0;
            _fetched = 0;
            _awaited = had && !line.StartsWith("Need to get 0 B/"u8);
            _hits += had && !_awaited ? _packages : 0;
        }
        else if (line.StartsWith("Fetched "u8))
        {
            _hits += _awaited && _fetched <= _packages ? _packages - _fetched : 0;
            _awaited = false;
        }
        else if (line.IndexOf(" newly installed, "u8) > 0 && Summary().Match(Encoding.UTF8.GetString(line)) is { Success: true } summary)
        {
            _packages = summary.Groups.Values.Skip(1).Where(group => group.Success)
                .Aggregate(0UL, (sum, group) => sum + ulong.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
        }
    }

    // 2 upgraded, 1 newly installed, 1 reinstalled, 1 downgraded, 0 to remove and 135 not upgraded.
    [GeneratedRegex(@"\A(\d{1,9}) upgraded, (\d{1,9}) newly installed, (?:(\d{1,9}) reinstalled, )?(?:(\d{1,9}) downgraded, )?\d{1,9} to remove and \d{1,9} not upgraded\.\z")]
    private static partial Regex Summary();
}
