using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using RunnerMetrics.Hosting.CommandLine;
using RunnerMetrics.Hosting.Logging;

namespace RunnerMetrics.Hosting.Tests.Logging;

public class ProgramConsoleTests
{
    [Fact]
    public void Text_AnyEntry_IsOneLineWithATime() =>
        Assert.Matches(@"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ warn: Category\[7\] first\\u000asecond System.IO.IOException: gone\n$", Write(new LogOptions()));

    [Fact]
    public void Json_AnyEntry_IsOneObjectALine()
    {
        var line = Write(new LogOptions(LogFormat.Json));
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        using var entry = JsonDocument.Parse(line);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", entry.RootElement.GetProperty("Timestamp").GetString());
        Assert.Equal(("Warning", "Category", 7), (entry.RootElement.GetProperty("LogLevel").GetString(), entry.RootElement.GetProperty("Category").GetString(), entry.RootElement.GetProperty("EventId").GetInt32()));
        Assert.Contains("second", entry.RootElement.GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("debug", LogLevel.Debug)]
    [InlineData("error", LogLevel.Error)]
    public void Level_AskedFor_IsTheLeastThatIsWritten(string word, LogLevel level)
    {
        var arguments = new LogArguments(new ProgramOptions(_ => null));
        var root = new RootCommand();
        foreach (var option in arguments.Options)
        {
            root.Add(option);
        }

        var options = arguments.Value(root.Parse($"--log-level {word} --log-format json"));
        Assert.Equal(new LogOptions(LogFormat.Json, level), options);
        using var services = Services(options);
        var logger = services.GetRequiredService<ILogger<ProgramConsoleTests>>();
        Assert.True(logger.IsEnabled(level));
        Assert.False(logger.IsEnabled(level - 1));
    }

    [Fact]
    public void StandardError_AskedFor_TakesEveryLevel()
    {
        using var services = Services(new LogOptions(), toStandardError: true);
        Assert.Equal(LogLevel.Trace, services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.LogToStandardErrorThreshold);
    }

    private static ServiceProvider Services(LogOptions options, bool toStandardError = false) =>
        new ServiceCollection().AddLogging(logging => logging.AddProgramConsole(options, toStandardError)).BuildServiceProvider();

    private static string Write(LogOptions options)
    {
        using var services = Services(options);
        var name = services.GetRequiredService<IOptions<ConsoleLoggerOptions>>().Value.FormatterName;
        var formatter = services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == name);
        using var output = new StringWriter { NewLine = "\n" };
        formatter.Write(new LogEntry<string>(LogLevel.Warning, "Category", 7, "first\nsecond", new IOException("gone"), (state, _) => state), null, output);
        return output.ToString().ReplaceLineEndings("\n");
    }
}
