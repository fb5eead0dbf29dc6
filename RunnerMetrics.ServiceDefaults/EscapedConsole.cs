using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace RunnerMetrics.ServiceDefaults;

/// <summary>A console log that names cannot forge: control characters are written as <c>\u001b</c>, so that they neither move a terminal's cursor nor begin a line.</summary>
public static class EscapedConsole
{
    /// <summary>Escapes what the console's formatters write of messages. Call it once they are added.</summary>
    /// <param name="logging">The logging.</param>
    public static ILoggingBuilder EscapeConsole(this ILoggingBuilder logging)
    {
        ArgumentNullException.ThrowIfNull(logging);
        for (var i = 0; i < logging.Services.Count; i++)
        {
            var service = logging.Services[i];
            if (service.ServiceType == typeof(ConsoleFormatter) && service is { IsKeyedService: false, ImplementationType: not null })
            {
                logging.Services[i] = ServiceDescriptor.Singleton<ConsoleFormatter>(
                    provider => new EscapingFormatter((ConsoleFormatter)ActivatorUtilities.CreateInstance(provider, service.ImplementationType)));
            }
        }

        return logging;
    }

    /// <summary>A text without control characters, nor those that turn the direction of writing.</summary>
    /// <param name="text">Any text.</param>
    internal static string Escape(string text)
    {
        if (!text.Any(MustEscape))
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            _ = MustEscape(c) ? escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}") : escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool MustEscape(char c) => char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private sealed class EscapingFormatter(ConsoleFormatter inner) : ConsoleFormatter(inner.Name)
    {
        public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
        {
            var format = logEntry.Formatter;
            inner.Write(
                new LogEntry<TState>(
                    logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State, logEntry.Exception, (state, exception) => Escape(format(state, exception))),
                scopeProvider,
                textWriter);
        }
    }
}
