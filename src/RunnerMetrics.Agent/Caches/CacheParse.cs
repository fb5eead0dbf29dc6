using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Passes a tool's output through, byte for byte and as it comes, and counts on the way. It is in the pipe of a build: whatever happens to it,
/// the output continues, and if nothing reads it any more, the tool can still write all of it.
/// </summary>
internal static class CacheParse
{
    public static async Task<CacheCount> RunAsync(Stream input, Stream output, ICacheParser? parser, TextWriter errors)
    {
        var lines = parser is null ? null : new LineFeeder(parser);
        var buffer = new byte[64 * 1024];
        var passing = true;
        try
        {
            while (await input.ReadAsync(buffer) is > 0 and var length)
            {
                passing = passing && await TryPassAsync(output, buffer.AsMemory(0, length));
                try
                {
                    lines?.Feed(buffer.AsSpan(0, length));
                }
                catch (Exception failure)
                {
                    // The boundary: a bug in a parser must not stop a build.
                    lines = null;
                    parser = null;
                    await errors.WriteLineAsync($"cache parse: counting failed, nothing is reported ({failure.Message}).");
                }
            }

            lines?.End();
        }
        catch (IOException failure)
        {
            await errors.WriteLineAsync($"cache parse: the input ended early ({failure.Message}).");
        }

        if (parser is { Unknown: { Count: > 0 } unknown })
        {
            var which = unknown.Count == 1 ? "1 line of the tool has an unknown format, and is not counted"
                : $"{unknown.Count} lines of the tool have an unknown format, and are not counted";
            await errors.WriteLineAsync($"cache parse: {which} ({parser.Remedy}); the first is: {unknown.First}");
        }

        return parser is null ? default : parser.Count with { Unknown = Math.Min((ulong)parser.Unknown.Count, CacheCount.Most) };
    }

    private static async Task<bool> TryPassAsync(Stream output, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await output.WriteAsync(bytes);
            await output.FlushAsync();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
