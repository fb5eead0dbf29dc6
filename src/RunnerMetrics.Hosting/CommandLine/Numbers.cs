using System.Globalization;

namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>Numbers: a point stands before decimals, and nothing between thousands.</summary>
public static class Numbers
{
    /// <summary>Any whole number of 32 bits.</summary>
    public static ValueKind<int> Whole { get; } = new("NUMBER", static text => ParseWhole(text) is { } number ? (number, null) : (0, "is not a whole number: give one such as 7."), Format);

    /// <summary>A port to listen on: 1 to 65535, or 0 for any free one.</summary>
    public static ValueKind<int> Port { get; } = new(
        "PORT", static text => ParseWhole(text) is >= 0 and <= 65535 and var port ? (port, null) : (0, "is not a port: give 1 to 65535, or 0 for any free one."), Format);

    /// <summary>A port that must be known before: 1 to 65535.</summary>
    public static ValueKind<int> KnownPort { get; } = new("PORT", static text => ParseWhole(text) is > 0 and <= 65535 and var port ? (port, null) : (0, "is not a port: give 1 to 65535."), Format);

    /// <summary>A whole number within bounds, both of them included.</summary>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    public static ValueKind<int> Between(int least, int most) => new(
        "NUMBER",
        text => ParseWhole(text) is { } number && number >= least && number <= most ? (number, null) : (0, string.Create(CultureInfo.InvariantCulture, $"is not a whole number from {least} to {most}.")),
        Format);

    /// <summary>A number within bounds, both of them included, decimals or not.</summary>
    /// <param name="least">The smallest.</param>
    /// <param name="most">The largest.</param>
    public static ValueKind<double> Between(double least, double most) => new(
        "NUMBER",
        text => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? (number, null)
            : (0, string.Create(CultureInfo.InvariantCulture, $"is not a number from {least} to {most}.")),
        static number => number.ToString(CultureInfo.InvariantCulture));

    private static int? ParseWhole(string text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Format(int number) => number.ToString(CultureInfo.InvariantCulture);
}
