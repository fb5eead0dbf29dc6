using System.Text;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Reads npm's <c>--loglevel http</c>, which npm writes to standard error. Packages (<c>.tgz</c>) are counted, each once:
/// <c>npm http cache ms@https://registry.example/ms/-/ms-2.1.3.tgz 0ms (cache hit)</c> is a hit (pacote, lib/fetcher.js), but npm also writes it before it fetches
/// a package that is not in the cache, so <c>npm http fetch GET 200 https://registry.example/ms/-/ms-2.1.3.tgz 684ms attempt #2 (cache miss)</c> has the last
/// word (npm-registry-fetch, lib/check-response.js; from its version 19 on a hit is <c>npm http cache https://registry.example/ms/-/ms-2.1.3.tgz 5ms (cache hit)</c>).
/// What <c>(cache …)</c> says is make-fetch-happen's <c>x-local-cache-status</c>; npm 6 writes <c>(from cache)</c>, or nothing for what it fetched.
/// </summary>
internal sealed partial class NpmCacheParser : ICacheParser
{
    private const int MostPackages = 200_000;

    /// <summary>By URL, without its query.</summary>
    private readonly Dictionary<string, (bool Fetched, bool Hit)> _packages = new(StringComparer.Ordinal);

    /// <summary>How the URLs of packages end that npm had and named without their URL: <c>/ms/-/ms-2.1.3.tgz</c>.</summary>
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    public CacheCount Count
    {
        get
        {
            var hits = _packages.Values.Count(package => package.Hit);
            var named = _named.Except(_packages.Keys.Select(EndOf)).Count();
            return new CacheCount((ulong)(hits + named), (ulong)(_packages.Count - hits));
        }
    }

    public UnknownLines Unknown { get; } = new();

    public string Remedy => "npm's output must be that of npm 6 to 11 with --loglevel http";

    public void Read(ReadOnlySpan<byte> line)
    {
        var plain = AnsiText.Strip(line);
        if (!plain.StartsWith("npm http "u8))
        {
            return;
        }

        var text = Encoding.UTF8.GetString(plain).TrimEnd();
        if (Cached().Match(text) is { Success: true } cached)
        {
            NoteCached(cached.Groups["package"].Value);
        }
        else if (Fetch().Match(text) is { Success: true } fetch)
        {
            if (!TryStatus(fetch.Groups["cache"].ValueSpan, out var isHit))
            {
                Unknown.Add(plain);
            }
            else if (isHit is { } hit && fetch.Groups["method"].ValueSpan is "GET" && fetch.Groups["status"].ValueSpan is "200" or "304")
            {
                Note(fetch.Groups["url"].Value, isFetch: true, hit);
            }
        }
        else if (!Retry().IsMatch(text))
        {
            Unknown.Add(plain);
        }
    }

    /// <summary>What <c>(cache …)</c> says; null if no cache was asked.</summary>
    private static bool TryStatus(ReadOnlySpan<char> words, out bool? isHit)
    {
        isHit = words switch
        {
            "cache hit" or "cache stale" or "cache revalidated" or "from cache" => true,
            "cache miss" or "cache updated" or "" => false,
            _ => null,
        };
        return isHit is not null || words is "cache skip";
    }

    // ms@https://registry.example/ms/-/ms-2.1.3.tgz, https://registry.example/ms/-/ms-2.1.3.tgz, @scope/ms@2.1.3, or what names no package: git, a range
    private void NoteCached(string package)
    {
        var url = package.StartsWith("http", StringComparison.Ordinal) ? 0 : package.IndexOf("@http", StringComparison.Ordinal) + 1;
        if (url > 0 || package.StartsWith("http", StringComparison.Ordinal))
        {
            Note(package[url..], isFetch: false, isHit: true);
        }
        else if (NameAndVersion().Match(package) is { Success: true } named && _named.Count < MostPackages)
        {
            var (name, version) = (named.Groups["name"].Value, named.Groups["version"].Value);
            _named.Add($"/{name}/-/{name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]}-{version}.tgz");
        }
    }

    private void Note(string url, bool isFetch, bool isHit)
    {
        var query = url.AsSpan().IndexOfAny('?', '#');
        url = query < 0 ? url : url[..query];
        if (!url.EndsWith(".tgz", StringComparison.Ordinal) || (_packages.Count >= MostPackages && !_packages.ContainsKey(url)))
        {
            return;
        }

        // If one package is fetched twice, the fetch that the cache did not serve counts.
        if (!_packages.TryGetValue(url, out var known) || (isFetch && (!known.Fetched || !isHit)))
        {
            _packages[url] = (isFetch, isHit);
        }
    }

    // https://registry.example/npm/@scope%2fms/-/ms-2.1.3.tgz ends as /@scope/ms/-/ms-2.1.3.tgz
    private static string EndOf(string url)
    {
        var plain = url.Replace("%2f", "/", StringComparison.OrdinalIgnoreCase);
        var file = plain.LastIndexOf("/-/", StringComparison.Ordinal);
        var name = file <= 0 ? -1 : plain.LastIndexOf('/', file - 1);
        var scope = name <= 0 ? -1 : plain.LastIndexOf('/', name - 1);
        return name < 0 ? plain : scope >= 0 && plain[scope + 1] == '@' ? plain[scope..] : plain[name..];
    }

    [GeneratedRegex(@"\Anpm http cache (?<package>\S.*?) \d+ms(?: attempt #\d+)? \(cache hit\)\z")]
    private static partial Regex Cached();

    [GeneratedRegex(@"\Anpm http fetch (?<method>[A-Z]+) (?<status>\d{3}) (?<url>\S+) \d+ms(?: attempt #\d+)?(?: \((?<cache>[^()]*)\))?\z")]
    private static partial Regex Fetch();

    // The answer that ends the tries has a line of its own: npm http fetch GET https://registry.example/ms attempt 1 failed with 503
    [GeneratedRegex(@"\Anpm http fetch [A-Z]+ \S+ attempt \d+ failed with .+\z")]
    private static partial Regex Retry();

    [GeneratedRegex(@"\A(?<name>(?:@[^/@\s]+/)?[^/@\s]+)@(?<version>\d+\.\d+\.\d+\S*)\z")]
    private static partial Regex NameAndVersion();
}
