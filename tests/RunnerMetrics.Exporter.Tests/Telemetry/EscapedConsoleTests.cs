using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Exporter.Tests.Telemetry;

public class EscapedConsoleTests
{
    [Theory]
    [InlineData("The runner caf\u00e9-1 is offline", "The runner caf\u00e9-1 is offline")]
    [InlineData("a\u001b[2Jb\0c", "a\\u001b[2Jb\\u0000c")]
    [InlineData("r1\ninfo: forged[1]", "r1\\u000ainfo: forged[1]")]
    [InlineData("r1\u202egnp", "r1\\u202egnp")]
    public void Write_ControlCharacters_AreEscaped(string message, string written)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddSimpleConsole(console => console.SingleLine = true).EscapeConsole()).BuildServiceProvider();
        var formatter = services.GetServices<ConsoleFormatter>().Single(one => one.Name == ConsoleFormatterNames.Simple);
        using var text = new StringWriter();
        formatter.Write(new LogEntry<string>(LogLevel.Warning, "fleet", 1, message, null, (state, _) => state), null, text);

        Assert.EndsWith($"fleet[1] {written}", text.ToString().TrimEnd(), StringComparison.Ordinal);
    }
}
