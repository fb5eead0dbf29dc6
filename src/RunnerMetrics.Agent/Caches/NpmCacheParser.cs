using System.Text;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Reads npm's <c>--loglevel http</c>, which npm writes to standard error. Packages (<c>.tgz</c>) are counted, each URL once:
/// <c>npm http cache ms@https://registry.example/ms/-/ms-2.1.3.tgz 0ms (cache hit)</c> is a hit, but npm also writes it before it fetches a package that
/// is not in the cache, so <c>npm http fetch GET 200 https://registry.example/ms/-/ms-2.1.3.tgz 684ms (cache miss)</c> has the last word.
/// What <c>(cache …)</c> says is make-fetch-happen's <c>x-local-cache-status</c>.
/// </summary>
internal sealed class NpmCacheParser : ICacheParser
{
    private const int MostUrls = 200_000;

    private readonly Dictionary<string, (bool Fetched, bool Hit)> _packages = new(StringComparer.Ordinal);

    public CacheCount Count
    {
        get
        {
            var hits = _packages.Values.Count(package => package.Hit);
            return new CacheCount((ulong)hits, (ulong)(_packages.Count - hits));
        }
    }

    public void Read(ReadOnlySpan<byte> line)
    {
        var words = Encoding.UTF8.GetString(AnsiText.Strip(line)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case ["npm", "http", "fetch", "GET", "200" or "304", var url, _, "(cache", var status]:
                Note(url, fetched: true, status.TrimEnd(')'));
                break;
            case ["npm", "http", "cache", var name, _, "(cache", "hit)"] when name.IndexOf("@http", StringComparison.Ordinal) is >= 0 and var at:
                Note(name[(at + 1)..], fetched: false, "hit");
                break;
        }
    }

    private void Note(string url, bool fetched, string status)
    {
        bool? hit = status switch
        {
            "hit" or "stale" or "revalidated" => true,
            "miss" or "updated" => false,
            _ => null,
        };
        if (hit is null || !IsPackage(url) || (_packages.Count >= MostUrls && !_packages.ContainsKey(url)))
        {
            return;
        }

        // Of two fetches of one package, the one that the cache did not serve is what it cost.
        if (!_packages.TryGetValue(url, out var known) || (fetched && (!known.Fetched || !hit.Value)))
        {
            _packages[url] = (fetched, hit.Value);
        }
    }

    private static bool IsPackage(string url)
    {
        var query = url.AsSpan().IndexOfAny('?', '#');
        return (query < 0 ? url : url.AsSpan(0, query)).EndsWith(".tgz", StringComparison.Ordinal);
    }
}
