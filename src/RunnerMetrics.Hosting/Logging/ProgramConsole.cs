using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using RunnerMetrics.ServiceDefaults;

namespace RunnerMetrics.Hosting.Logging;

/// <summary>The log of our programs on the console: one line an entry, each with its time in UTC.</summary>
public static class ProgramConsole
{
    /// <summary>Writes the log to the console as the options say.</summary>
    /// <param name="logging">The logging.</param>
    /// <param name="options">Format and level.</param>
    /// <param name="toStandardError">Whether standard output is for something else.</param>
    public static ILoggingBuilder AddProgramConsole(this ILoggingBuilder logging, LogOptions options, bool toStandardError = false)
    {
        ArgumentNullException.ThrowIfNull(logging);
        ArgumentNullException.ThrowIfNull(options);
        _ = options.Format == LogFormat.Json ? logging.AddJsonConsole(Json) : logging.AddSimpleConsole(Text);
        if (toStandardError)
        {
            logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        return logging.EscapeConsole().SetMinimumLevel(options.Level);
    }

    private static void Text(SimpleConsoleFormatterOptions console)
    {
        console.SingleLine = true;
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd HH:mm:ss'Z' ";
    }

    private static void Json(JsonConsoleFormatterOptions console)
    {
        console.UseUtcTimestamp = true;
        console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
    }
}
