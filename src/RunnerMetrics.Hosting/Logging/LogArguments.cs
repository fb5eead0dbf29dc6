using System.CommandLine;
using Microsoft.Extensions.Logging;
using RunnerMetrics.Hosting.CommandLine;

namespace RunnerMetrics.Hosting.Logging;

/// <summary>The options of a program's log: <c>--log-format</c> and <c>--log-level</c>.</summary>
public sealed class LogArguments
{
    private static readonly LogOptions Defaults = new();
    private readonly ProgramOption<LogFormat> _format;
    private readonly ProgramOption<LogLevel> _level;

    /// <summary>Describes them.</summary>
    /// <param name="options">The program's options.</param>
    public LogArguments(ProgramOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _format = options.Describe("--log-format", Texts.OneOf("FORMAT", ("text", LogFormat.Text), ("json", LogFormat.Json)), Defaults.Format, "How log lines are written: text or json");
        _level = options.Describe(
            "--log-level",
            Texts.OneOf("LEVEL", ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error)),
            Defaults.Level,
            "The lowest level that is logged: debug, information, warning or error");
    }

    /// <summary>Both options.</summary>
    public IEnumerable<Option> Options => [_format, _level];

    /// <summary>What was asked for.</summary>
    /// <param name="parsed">The command line.</param>
    public LogOptions Value(ParseResult parsed) => new(_format.Value(parsed), _level.Value(parsed));
}
