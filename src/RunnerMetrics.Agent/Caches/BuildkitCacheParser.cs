using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerMetrics.Agent.Hooks;

namespace RunnerMetrics.Agent.Caches;

/// <summary>
/// Reads BuildKit's <c>--progress=rawjson</c>, which buildx writes to standard error: one <c>SolveStatus</c> a line (moby/buildkit, client/graph.go). A step of
/// a Dockerfile that is completed without an error is a hit if it is <c>cached</c>, else a miss; each digest counts once:
/// <c>{"vertexes":[{"digest":"sha256:4f…","name":"[build 2/3] RUN make","started":"2026-11-21T00:22:43Z","completed":"2026-11-21T00:22:43Z","cached":true}]}</c>.
/// What BuildKit does beside the steps (<c>[internal] …</c>, <c>[auth] …</c>, exporting) asks no cache and is left out.
/// </summary>
internal sealed partial class BuildkitCacheParser : ICacheParser
{
    private const int MostSteps = 200_000;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private ulong _hits;
    private ulong _misses;

    public CacheCount Count => new(_hits, _misses);

    public UnknownLines Unknown { get; } = new();

    public string Remedy => "BuildKit's output must be that of --progress=rawjson";

    public void Read(ReadOnlySpan<byte> line)
    {
        if (line is [(byte)'#', ..] && line.Length < 1000 && PlainProgress().IsMatch(Encoding.UTF8.GetString(AnsiText.Strip(line))))
        {
            Unknown.Add(line);
        }

        if (line is not [(byte)'{', ..] || line.IndexOf("\"vertexes\""u8) < 0)
        {
            return;
        }

        try
        {
            var reader = new Utf8JsonReader(line);
            using var status = JsonDocument.ParseValue(ref reader);
            if (status.RootElement.TryGetProperty("vertexes", out var vertexes))
            {
                if (vertexes.ValueKind != JsonValueKind.Array)
                {
                    Unknown.Add(line);
                    return;
                }

                foreach (var vertex in vertexes.EnumerateArray())
                {
                    Read(vertex);
                }
            }
        }
        catch (JsonException)
        {
            // Not BuildKit's: something else that the step wrote.
        }
        catch (InvalidOperationException)
        {
            // Invalid Unicode, which is detected only when the text is read.
            Unknown.Add(line);
        }
    }

    private void Read(JsonElement vertex)
    {
        if (vertex.ValueKind != JsonValueKind.Object
            || Text(vertex, "digest") is not { Length: > 0 and <= 256 } digest || !IsStep(Text(vertex, "name"))
            || Text(vertex, "completed") is null || !string.IsNullOrEmpty(Text(vertex, "error"))
            || _seen.Count >= MostSteps || !_seen.Add(digest))
        {
            return;
        }

        if (vertex.TryGetProperty("cached", out var cached) && cached.ValueKind == JsonValueKind.True)
        {
            _hits++;
        }
        else
        {
            _misses++;
        }
    }

    // "[2/5] RUN …", "[build 2/5] COPY …", "[linux/arm64 build 2/5] RUN …"
    private static bool IsStep(string? name)
    {
        var end = name is ['[', ..] ? name.IndexOf(']', StringComparison.Ordinal) : -1;
        var slash = end > 0 ? name!.LastIndexOf('/', end) : -1;
        return slash > 1 && char.IsAsciiDigit(name![slash - 1]) && char.IsAsciiDigit(name[slash + 1]);
    }

    // What another --progress writes: #8 [build 2/3] RUN make, #8 CACHED, #8 DONE 0.3s
    [GeneratedRegex(@"\A#\d+ (?:CACHED|DONE \S+|\[[^\]]*\d/\d+\] .*)\z")]
    private static partial Regex PlainProgress();

    private static string? Text(JsonElement vertex, string name) =>
        vertex.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
