using System.Text;
using RunnerMetrics.Agent.Caches;
using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Tests.Caches;

/// <summary>What is counted of real output; see <c>Fixtures/cache-output/README.md</c>.</summary>
public sealed class CacheParserTests
{
    [Theory]
    [InlineData("npm/cold.txt", 0, 8)]
    [InlineData("npm/cold-colour.txt", 0, 9)]
    [InlineData("npm/warm.txt", 8, 0)]
    [InlineData("npm/add.txt", 8, 1)]
    [InlineData("npm/url-cold.txt", 0, 1)]
    [InlineData("npm/url-revalidated.txt", 1, 0)]
    [InlineData("npm/retried.txt", 0, 2)]
    [InlineData("npm/retried-mixed.txt", 2, 2)]
    [InlineData("apt/update-cold.txt", 0, 2)]
    [InlineData("apt/update-warm.txt", 1, 0)]
    [InlineData("apt/install-cold.txt", 0, 2)]
    [InlineData("apt/install-part.txt", 1, 1)]
    [InlineData("apt/install-warm.txt", 2, 0)]
    [InlineData("apt/install-error.txt", 0, 1)]
    [InlineData("apt/update-local.txt", 0, 2)]
    [InlineData("apt/update-local-warm.txt", 1, 0)]
    [InlineData("apt/install-local-error.txt", 0, 1)]
    [InlineData("apt/install-local-part.txt", 1, 1)]
    [InlineData("apt/install-local-only.txt", 0, 0)]
    [InlineData("buildkit/part-cached.jsonl", 1, 4)]
    [InlineData("buildkit/all-cached.jsonl", 5, 0)]
    [InlineData("buildkit/failed.jsonl", 2, 1)]
    public void Read_ToolsOutput_CountsWhatTheCacheServed(string file, ulong hits, ulong misses)
    {
        var parser = Parse(file.Split('/')[0], CacheOutput.Bytes(file));
        Assert.Equal((new CacheCount(hits, misses), ""), (parser.Count, parser.Unknown.First));
    }

    [Theory]
    [InlineData("tried again", 0, 1, "Get:1 http://a.example s/main amd64 jq amd64 1 [9 B]", "Ign:1 http://a.example s/main amd64 jq amd64 1", "Get:1 http://a.example s/main amd64 jq amd64 1 [9 B]", "Fetched 9 B in 0s (1 B/s)")]
    [InlineData("tried elsewhere", 0, 1, "Get:1 http://a.example s/main amd64 jq amd64 1 [9 B]", "Ign:1 http://a.example s/main amd64 jq amd64 1", "Get:1 http://b.example s/main amd64 jq amd64 1 [9 B]", "Fetched 9 B in 0s (1 B/s)")]
    [InlineData("given up", 0, 0, "Get:1 http://a.example s InRelease", "Ign:1 http://a.example s InRelease")]
    [InlineData("not changed after all", 1, 0, "Get:1 http://a.example s InRelease", "Hit:1 http://a.example s InRelease")]
    [InlineData("two runs without statistics", 0, 2, "Get:1 http://a.example s/main jq 1 [9 B]", "Get:1 http://a.example s/main yq 1 [9 B]")]
    [InlineData("two runs of one package", 0, 2, "Get:1 http://a.example s/main jq 1 [9 B]", "Fetched 9 B in 0s (1 B/s)", "Get:1 http://a.example s/main jq 1 [9 B]", "Fetched 9 B in 0s (1 B/s)")]
    [InlineData("apt 3", 1, 1, "Summary:", "  Upgrading: 1, Installing: 1, Removing: 0, Not Upgrading: 3", "  Download size: 9 B / 18 B", "Get:1 http://a.example s/main jq 1 [9 B]", "Fetched 9 B in 0s (1 B/s)")]
    [InlineData("dpkg fails", 1, 0, "0 upgraded, 1 newly installed, 0 to remove and 3 not upgraded.", "Need to get 0 B/9 B of archives.", "E: Sub-process /usr/bin/dpkg returned an error code (1)")]
    [InlineData("no room", 0, 0, "0 upgraded, 1 newly installed, 0 to remove and 3 not upgraded.", "Need to get 0 B/9 B of archives.", "E: You don't have enough free space in /var/cache/apt/archives/.")]
    [InlineData("sources", 0, 1, "Need to get 9 B/18 B of source archives.", "Get:1 http://a.example s/main jq 1 (tar) [9 B]", "Fetched 9 B in 0s (1 B/s)")]
    public void Read_AptLines_CountsTheLastWordOnEachItem(string what, ulong hits, ulong misses, params string[] lines)
    {
        var parser = Parse("apt", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal((what, new CacheCount(hits, misses), ""), (what, parser.Count, parser.Unknown.First));
    }

    [Theory]
    [InlineData("a hit of npm-registry-fetch 19", 1, 0, "npm http cache https://r.example/ms/-/ms-2.1.3.tgz 5ms attempt #2 (cache hit)")]
    [InlineData("a hit named by its version", 1, 0, "npm http cache @acme/ms@2.1.3 0ms (cache hit)")]
    [InlineData("named by its version, then fetched", 0, 1, "npm http cache @acme/ms@2.1.3 0ms (cache hit)", "npm http fetch GET 200 https://r.example/@acme%2fms/-/ms-2.1.3.tgz 5ms (cache miss)")]
    [InlineData("npm 6", 1, 1, "npm http fetch GET 200 https://r.example/a/-/a-1.0.0.tgz 5ms", "npm http fetch GET 200 https://r.example/b/-/b-1.0.0.tgz 5ms attempt #2 (from cache)")]
    [InlineData("failed, then fetched", 0, 1, "npm http fetch GET https://r.example/a/-/a-1.0.0.tgz attempt 1 failed with ECONNRESET", "npm http fetch GET 200 https://r.example/a/-/a-1.0.0.tgz 5ms attempt #2 (cache miss)")]
    [InlineData("what asks no cache", 0, 0, "npm http cache git@ssh://git@example.com/a.git 0ms (cache hit)", "npm http fetch POST 200 https://r.example/-/npm/v1/security/advisories/bulk 9ms", "npm http fetch GET 404 https://r.example/a 9ms (cache skip)")]
    public void Read_NpmLines_CountsEachPackageOnce(string what, ulong hits, ulong misses, params string[] lines)
    {
        var parser = Parse("npm", Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        Assert.Equal((what, new CacheCount(hits, misses), ""), (what, parser.Count, parser.Unknown.First));
    }

    [Theory]
    [InlineData("npm", "npm http fetch GET 200 https://r.example/a/-/a-1.0.0.tgz in 5 ms (cache miss)")]
    [InlineData("npm", "npm http fetch GET 200 https://r.example/a/-/a-1.0.0.tgz 5ms (cache half)")]
    [InlineData("npm", "npm http 304 https://r.example/a/-/a-1.0.0.tgz")]
    [InlineData("apt", "Holen:1 http://a.example s/main amd64 jq amd64 1 [9 B]")]
    [InlineData("apt", "Réception de :1 http://a.example s/main amd64 jq amd64 1 [9 B]")]
    [InlineData("apt", "Need to get some of archives.")]
    [InlineData("apt", "1 upgraded, 2 newly installed, and 3 not upgraded.")]
    [InlineData("buildkit", "#8 [build 2/3] RUN make")]
    [InlineData("buildkit", "#8 CACHED")]
    [InlineData("buildkit", "{\"vertexes\":{}}")]
    public void Read_UnknownLineOfTheTool_IsCountedAndTheFirstIsKept(string type, string line)
    {
        var parser = Parse(type, Encoding.UTF8.GetBytes($"something else\n{line}\nmore of it\n{line}x\n{line}"));
        Assert.Equal((default, line), (parser.Count, parser.Unknown.First));
        Assert.InRange(parser.Unknown.Count, 2, 3);
    }

    [Fact]
    public void Read_AptUpdateThenInstall_CountsBoth()
    {
        byte[] output = [.. CacheOutput.Bytes("apt/update-cold.txt"), .. CacheOutput.Bytes("apt/install-part.txt"), .. CacheOutput.Bytes("apt/install-warm.txt")];
        Assert.Equal(new CacheCount(3, 3), Count("apt", output));
    }

    // The failure of one package leaves open how many others the cache had.
    [Fact]
    public void Read_AptFailsWithPackagesInItsCache_CountsNoHits()
    {
        var output = CacheOutput.Text("apt/install-error.txt").Replace("Need to get 106 kB of", "Need to get 53 kB/106 kB of", StringComparison.Ordinal);
        Assert.Equal(new CacheCount(0, 1), Count("apt", Encoding.UTF8.GetBytes(output)));
    }

    [Theory]
    [InlineData("npm")]
    [InlineData("apt")]
    [InlineData("buildkit")]
    public void Read_AnotherToolsOutput_CountsNothing(string type)
    {
        foreach (var other in Directory.GetDirectories(CacheOutput.Folder).Where(folder => Path.GetFileName(folder) != type).SelectMany(Directory.GetFiles))
        {
            Assert.Equal(default, Count(type, File.ReadAllBytes(other)));
        }
    }

    [Theory]
    [InlineData("{\"vertexes\":")]
    [InlineData("{\"vertexes\":{}}")]
    [InlineData("{\"vertexes\":[1,null,[],{}]}")]
    [InlineData("{\"vertexes\":[{\"digest\":1,\"name\":\"[1/1] RUN x\",\"completed\":\"now\"}]}")]
    [InlineData("{\"vertexes\":[{\"digest\":\"a\",\"name\":7,\"completed\":\"now\"}]}")]
    [InlineData("{\"vertexes\":[{\"digest\":\"a\",\"name\":\"[x] y\",\"completed\":\"now\"}]}")]
    [InlineData("{\"vertexes\":[{\"digest\":\"a\",\"name\":\"[\",\"completed\":\"now\"}]}")]
    [InlineData("[{\"vertexes\":[]}]")]
    public void Read_NotBuildkits_CountsNothing(string line) => Assert.Equal(default, Count("buildkit", Encoding.UTF8.GetBytes(line)));

    [Fact]
    public void Read_BuildkitsTextThatIsNoUnicode_IsUnknownAndTheNextIsCounted()
    {
        var good = "{\"vertexes\":[{\"digest\":\"a\",\"name\":\"[1/1] RUN x\",\"completed\":\"now\"}]}\n"u8.ToArray();
        byte[] bad = [.. good];
        bad[good.AsSpan().IndexOf("RUN"u8)] = 0xf4;
        var parser = Parse("buildkit", [.. bad, .. good]);
        Assert.Equal((new CacheCount(0, 1), 1), (parser.Count, parser.Unknown.Count));
    }

    [Theory]
    [InlineData("npm http fetch GET 200")]
    [InlineData("npm http fetch GET 200 https://registry.example/a.tgz 1ms (cache skip)")]
    [InlineData("npm http fetch GET 404 https://registry.example/a.tgz 1ms (cache miss)")]
    [InlineData("npm http fetch PUT 200 https://registry.example/a.tgz 1ms (cache miss)")]
    [InlineData("npm http fetch GET 200 https://registry.example/a 1ms (cache miss)")]
    [InlineData("echo npm http cache a@https://registry.example/a.tgz 0ms (cache hit)")]
    [InlineData("npm http cache a 0ms (cache hit)")]
    [InlineData("\u001b[")]
    [InlineData("\u001b")]
    public void Read_NotAPackageOfNpm_CountsNothing(string line) => Assert.Equal(default, Count("npm", Encoding.UTF8.GetBytes(line)));

    private static CacheCount Count(string type, byte[] output) => Parse(type, output).Count;

    private static ICacheParser Parse(string type, byte[] output)
    {
        var parser = CacheParsers.Create(type)!;
        var lines = new LineFeeder(parser);
        foreach (var piece in output.Chunk(7))
        {
            lines.Feed(piece);
        }

        lines.End();
        return parser;
    }
}
