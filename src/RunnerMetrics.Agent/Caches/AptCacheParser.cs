using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Reads what apt and apt-get write, in English (<c>LC_ALL=C</c>; apt-private/acqprogress.cc and private-install.cc). The last line about an item counts, because
/// apt tries again: <c>Ign:3 http://…</c> or <c>Err:3 http://…</c>, then <c>Get:3 http://…</c>. Of an update, <c>Hit:2 http://… Release</c> is a hit,
/// <c>Get:4 http://… Packages [1666 B]</c> a miss, what ended as <c>Ign:</c> or <c>Err:</c> neither. Sources on this machine (<c>Get:1 file:/srv/repo …</c>)
/// asks no cache. Of an installation, each <c>Get:</c> is a package that was fetched, a miss. apt does not name the packages that it had, but says how many
/// it needs and how much of them it must get (<c>Need to get 52.5 kB/106 kB of archives.</c>): those that it did not get are hits, once it says that it
/// fetched the rest. Where something failed, they are not counted.
/// </summary>
internal sealed partial class AptCacheParser : ICacheParser
{
    private const int MostItems = 200_000;

    /// <summary>By the number that apt gives to each, from 1 in every run, whatever mirror it turns to.</summary>
    private readonly Dictionary<uint, (string Name, Word Word)> _items = [];
    private CacheCount _closed;
    private ulong? _packages;
    private Need _need;
    private bool _isFetched;
    private bool _isFailed;

    private enum Word
    {
        Get,
        Hit,
        Ign,
        Err,
    }

    private enum Need
    {
        /// <summary>apt does not say that it has any of the packages.</summary>
        Everything,

        /// <summary>apt has some of them.</summary>
        Part,

        /// <summary>apt has all of them, or they are on this machine.</summary>
        Nothing,
    }

    public CacheCount Count => new(_closed.Hits + Running.Hits, _closed.Misses + Running.Misses);

    public UnknownLines Unknown { get; } = new();

    public string Remedy => "apt's output must be in English: set LC_ALL=C";

    public void Read(ReadOnlySpan<byte> line)
    {
        if (line.Length is 0 or > 1000)
        {
            return;
        }

        if (Item().Match(Encoding.UTF8.GetString(line)) is { Success: true } item)
        {
            Note(item, line);
        }
        else if (line.StartsWith("Reading package lists"u8))
        {
            Close();
        }
        else if (line.StartsWith("Fetched "u8))
        {
            _isFetched = true;
        }
        else if (line.StartsWith("E: "u8) || line.SequenceEqual("Abort."u8))
        {
            // What dpkg does with the packages comes after they were got.
            _isFailed |= !line.StartsWith("E: Sub-process "u8);
        }
        else if (line.StartsWith("Need to get "u8) || line.StartsWith("  Download size: "u8))
        {
            NoteNeed(line);
        }
        else if (line.IndexOf(" newly installed, "u8) > 0 || line.StartsWith("  Upgrading: "u8))
        {
            NoteSummary(line);
        }
    }

    // The result of the current apt run so far.
    private CacheCount Running
    {
        get
        {
            var asked = (ulong)_items.Count;
            var remote = _items.Values.Where(item => !IsLocal(item.Name)).ToArray();
            var (hits, misses) = ((ulong)remote.Count(item => item.Word == Word.Hit), (ulong)remote.Count(item => item.Word == Word.Get));
            var hasGotTheRest = _need == Need.Nothing || (_need == Need.Part && _isFetched);
            var isSure = hasGotTheRest && !_isFailed && _items.Values.All(item => item.Word != Word.Err);
            return new CacheCount(hits + (isSure && _packages > asked ? _packages.Value - asked : 0), misses);
        }
    }

    private void Note(Match item, ReadOnlySpan<byte> line)
    {
        Word? known = item.Groups["word"].ValueSpan switch
        {
            "Get" => Word.Get,
            "Hit" => Word.Hit,
            "Ign" => Word.Ign,
            "Err" => Word.Err,
            _ => null,
        };
        if (known is not { } word)
        {
            Unknown.Add(line);
            return;
        }

        var id = uint.Parse(item.Groups["id"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        var name = item.Groups["item"].Value;
        if (_isFetched || (_items.TryGetValue(id, out var earlier) && earlier.Word is Word.Get or Word.Hit && earlier.Name != name))
        {
            Close(); // another run, which numbers from 1 again
        }

        if (_items.Count < MostItems || _items.ContainsKey(id))
        {
            _items[id] = (name, word);
        }
    }

    private void NoteNeed(ReadOnlySpan<byte> line)
    {
        // Need to get 0 B/106 kB of archives.        Download size: 52.5 kB / 106 kB
        var need = NeedLine().Match(Encoding.UTF8.GetString(line));
        if (!need.Success)
        {
            Unknown.Add(line);
            return;
        }

        _need = !need.Groups["all"].Success ? Need.Everything : need.Groups["size"].ValueSpan is "0 B" ? Need.Nothing : Need.Part;
    }

    private void NoteSummary(ReadOnlySpan<byte> line)
    {
        var summary = Summary().Match(Encoding.UTF8.GetString(line));
        if (!summary.Success)
        {
            Unknown.Add(line);
            return;
        }

        _packages = summary.Groups.Values.Skip(1).Where(group => group.Success)
            .Aggregate(0UL, (sum, group) => sum + ulong.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
    }

    private void Close()
    {
        _closed = Count;
        _items.Clear();
        (_packages, _need, _isFetched, _isFailed) = (null, Need.Everything, false, false);
    }

    // file:/srv/packages ./ Packages
    private static bool IsLocal(string item) =>
        item.StartsWith("file:", StringComparison.Ordinal) || item.StartsWith("copy:", StringComparison.Ordinal) || item.StartsWith("cdrom:", StringComparison.Ordinal);

    // Get:1 http://deb.example bookworm/main amd64 jq amd64 1.6-2.1 [64.9 kB], and in other languages Holen:1, Réception de :1.
    [GeneratedRegex(@"\A(?<word>\w{1,24}(?: \w{1,4})?) ?:(?<id>\d{1,9}) (?<item>[a-z][a-z0-9+]{1,30}:\S.*?)(?: \[[^\]]*B\])?\z")]
    private static partial Regex Item();

    [GeneratedRegex(@"\A(?:Need to get |  Download size: )(?<size>[\d.,]+ ?[kMGTPE]?B)(?<all> ?/ ?[\d.,]+ ?[kMGTPE]?B)?(?: of (?:source )?archives\.)?\z")]
    private static partial Regex NeedLine();

    // 2 upgraded, 1 newly installed, 1 reinstalled, 1 downgraded, 0 to remove and 135 not upgraded.
    //   Upgrading: 2, Installing: 1, Reinstalling: 1, Downgrading: 1, Removing: 0, Not Upgrading: 135
    [GeneratedRegex(
        @"\A(?:(\d{1,9}) upgraded, (\d{1,9}) newly installed, (?:(\d{1,9}) reinstalled, )?(?:(\d{1,9}) downgraded, )?\d{1,9} to remove and \d{1,9} not upgraded\."
        + @"|  Upgrading: (\d{1,9}), Installing: (\d{1,9}), (?:Reinstalling: (\d{1,9}), )?(?:Downgrading: (\d{1,9}), )?Removing: \d{1,9}, Not Upgrading: \d{1,9})\z")]
    private static partial Regex Summary();
}
