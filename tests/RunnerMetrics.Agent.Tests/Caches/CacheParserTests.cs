using System.Text;
using RunnerMetrics.Agent.Caches;

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
    [InlineData("apt/update-cold.txt", 0, 2)]
    [InlineData("apt/update-warm.txt", 1, 0)]
    [InlineData("apt/install-cold.txt", 0, 2)]
    [InlineData("apt/install-part.txt", 1, 1)]
    [InlineData("apt/install-warm.txt", 2, 0)]
    [InlineData("apt/install-error.txt", 0, 1)]
    [InlineData("buildkit/part-cached.jsonl", 1, 4)]
    [InlineData("buildkit/all-cached.jsonl", 5, 0)]
    [InlineData("buildkit/failed.jsonl", 2, 1)]
    public void Read_ToolsOutput_CountsWhatTheCacheServed(string file, ulong hits, ulong misses) =>
        Assert.Equal(new CacheCount(hits, misses), Count(file.Split('/')[0], CacheOutput.Bytes(file)));

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

    private static CacheCount Count(string type, byte[] output)
    {
        var parser = CacheParsers.Create(type)!;
        var lines = new LineFeeder(parser);
        foreach (var piece in output.Chunk(7))
        {
            lines.Feed(piece);
        }

        lines.End();
        return parser.Count;
    }
}
