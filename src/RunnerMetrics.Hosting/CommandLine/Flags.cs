namespace RunnerMetrics.Hosting.CommandLine;

/// <summary>A flag: the option alone, or <c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>, in a variable as well.</summary>
internal static class Flags
{
    public static ValueKind<bool> Kind { get; } = new(null, Parse, static isOn => isOn ? "true" : "false");

    private static (bool Value, string? Problem) Parse(string text) =>
        text is "1" || text.Equals("true", StringComparison.OrdinalIgnoreCase) ? (true, null)
        : text is "0" || text.Equals("false", StringComparison.OrdinalIgnoreCase) ? (false, null)
        : (false, "is neither true nor false.");
}
