using RunnerMetrics.Agent.Caches;
using RunnerMetrics.Agent.Hooks;
using RunnerMetrics.Agent.Tests.Fuzzing;
using RunnerMetrics.Testing;

namespace RunnerMetrics.Agent.Tests.Caches;

/// <summary>Recorded output of tools, corrupted at random.</summary>
public class CacheFuzzTests
{
    private const long MostAllocated = 128 * 1024 * 1024;

    private static readonly (string Type, byte[] Output)[] Recorded =
        [.. CacheParsers.Types.SelectMany(type => Directory.GetFiles(Path.Combine(CacheOutput.Folder, type)).Order(StringComparer.Ordinal).Select(file => (type, File.ReadAllBytes(file))))];

    [Fact]
    public Task Feed_SpoiltOutput_CountsWhatItCan() => Fuzz.RunAsync(LongProof.Of(5_000, 100_000), MostAllocated, Spoil, (input, random) =>
    {
        var parser = CacheParsers.Create(input.Type)!;
        var lines = new LineFeeder(parser);
        for (var at = 0; at < input.Output.Length;)
        {
            var length = Math.Min(random.Next(1, 64 * 1024), input.Output.Length - at);
            lines.Feed(input.Output.AsSpan(at, length));
            at += length;
        }

        lines.End();
        Assert.True(parser.Count is { Hits: <= CacheCount.Most, Misses: <= CacheCount.Most }, "More is counted than lines were there.");
        Assert.InRange(parser.Unknown.First.Length, 0, 201);
        Assert.DoesNotContain(parser.Unknown.First, char.IsControl);
    });

    private static (string Type, byte[] Output) Spoil(Random random)
    {
        var (type, output) = Recorded[random.Next(Recorded.Length)];
        return (type, Spoilt.Of(output, Recorded[random.Next(Recorded.Length)].Output, random));
    }
}
