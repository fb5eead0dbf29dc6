using System.CommandLine;
using System.Globalization;
using System.Net;

namespace RunnerMetrics.AutomationWorker.Configuration;

/// <summary>
/// Makes options whose values come from the command line, else from the environment variable of the same name (<c>--http-port</c> is
/// <c>RUNNER_METRICS_AUTOMATION_HTTP_PORT</c>), else from a default; and collects what is wrong with them.
/// </summary>
internal sealed class OptionReader(Func<string, string?> environment)
{
    private const StringSplitOptions Trimmed = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;

    private readonly List<string> _problems = [];

    /// <summary>What was wrong with the values that were read.</summary>
    public IReadOnlyList<string> Problems => _problems;

    public Option<string?> Text(string name, string description, string? fallback = null) => Make(name, fallback, description, static text => (text, null));

    public Option<int> Number(string name, int fallback, string description) => Make(
        name, fallback, description, static text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? (number, null)
            : (0, "is not a whole number"));

    public Option<TimeSpan> Duration(string name, TimeSpan fallback, string description) => Make(name, fallback, description, Durations.Parse);

    public Option<IReadOnlyList<string>> List(string name, IReadOnlyList<string> fallback, string description) =>
        Make(name, fallback, description, static text => ((IReadOnlyList<string>)text.Split(',', Trimmed), null));

    public Option<IPAddress> Address(string name, IPAddress fallback, string description) => Make(
        name, fallback, description, static text => text is "localhost" ? (IPAddress.Loopback, null)
            : IPAddress.TryParse(text, out var address) && text.AsSpan().ContainsAny('.', ':') ? (address, null) // a bare number is an address too
            : (null, "is not an IP address: give one such as 127.0.0.1 or 0.0.0.0"));

    public Option<Uri> Url(string name, Uri fallback, string description) => Make(
        name, fallback, description, static text => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? (url, null)
            : (null, "is not a URL: give one such as https://api.deepseek.com"));

    // A value that is wrong is noted, and the default stands in for it, so that the other problems are found as well.
    private Option<T> Make<T>(string name, T fallback, string description, Func<string, (T? Value, string? Problem)> parse)
    {
        T Read(string text, string source)
        {
            var (value, wrong) = parse(text);
            if (wrong is null)
            {
                return value!;
            }

            _problems.Add($"{source} '{text}': {wrong}");
            return fallback;
        }

        var variable = "RUNNER_METRICS_AUTOMATION_" + name.TrimStart('-').Replace('-', '_').ToUpperInvariant();
        return new Option<T>(name)
        {
            Description = description,
            CustomParser = result => Read(result.Tokens[0].Value, name),
            DefaultValueFactory = _ => environment(variable) is { Length: > 0 } own ? Read(own, variable) : fallback,
        };
    }
}
