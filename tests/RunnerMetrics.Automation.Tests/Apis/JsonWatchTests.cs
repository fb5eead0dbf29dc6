using System.Text;
using System.Text.Json;
using RunnerMetrics.Automation.Apis;
using RunnerMetrics.Automation.Tests.Support;

namespace RunnerMetrics.Automation.Tests.Apis;

public class JsonWatchTests
{
    private static readonly string[] Texts =
    [
        StandInApi.Completion, "{}", "[]", "null", "true", "-0.5e+10", "0", " [1, 2.5, -3e7, \"\\u00e9\\n\\\"\", {\"a\":{\"b\":[[]]}}, false] ", "\"\"",
        "", "{", "}", "[1,]", "{,}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "[1 2]", "01", "-", "1.", "1e", "+1", ".5", "nul", "nulll", "tru e", "\"\\x\"", "\"\\u12g4\"",
        "\"\t\"", "\"open", "[}", "{]", "1 2", "{\"a\":1}}", "{1:2}", "{\"a\" 1}", "{'a':1}", "[\"a\":1]", "-01", "1e+", "--1",
    ];

    private static JsonWatch Read(byte[] text, int part)
    {
        var watch = new JsonWatch();
        for (var at = 0; at < text.Length; at += part)
        {
            watch.Read(text.AsSpan(at, Math.Min(part, text.Length - at)));
        }

        return watch;
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            using var _ = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 256 });
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public static TheoryData<string> AllTexts() => [.. Texts];

    [Theory]
    [MemberData(nameof(AllTexts))]
    public void IsWhole_AnyText_IsWhatSystemTextJsonSays(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(IsJson(bytes), Read(bytes, 1).IsWhole);
        Assert.Equal(IsJson(bytes), Read(bytes, 7).IsWhole);
    }

    [Fact]
    public void IsWhole_TextsWithAByteChanged_IsWhatSystemTextJsonSays()
    {
        var random = new Random(7);
        var alphabet = "{}[]\",:\\ntrue0123456789.-+eEu x"u8.ToArray();
        foreach (var text in Texts.Where(text => text.Length > 0).Select(Encoding.UTF8.GetBytes))
        {
            for (var i = 0; i < 2000; i++)
            {
                var changed = text.ToArray();
                changed[random.Next(changed.Length)] = alphabet[random.Next(alphabet.Length)];
                Assert.True(IsJson(changed) == Read(changed, 3).IsWhole, Encoding.UTF8.GetString(changed));
            }
        }
    }

    [Fact]
    public void Usage_EveryPrefix_IsNoMoreThanTheTextSaysSoFar()
    {
        var bytes = Encoding.UTF8.GetBytes(StandInApi.Completion);
        for (var length = 0; length < bytes.Length; length++)
        {
            var watch = Read(bytes[..length], 5);
            Assert.False(watch.IsWhole);
            Assert.True(watch.Usage?.Prompt is null or 12 && watch.Usage?.Completion is null or 34);
        }

        Assert.Equal(new TokenUsage(12, 34), Read(bytes, 5).Usage);
    }

    [Fact]
    public void Read_NumberTooLargeToCount_IsNoCount() =>
        Assert.Equal(new TokenUsage(null, 5), Read(Encoding.UTF8.GetBytes("""{"usage":{"prompt_tokens":99999999999999999999999,"completion_tokens":5}}"""), 4).Usage);

    [Fact]
    public void Read_TooDeep_IsNotWhole() => Assert.False(Read(Encoding.UTF8.GetBytes(new string('[', 300) + new string(']', 300)), 64).IsWhole);
}
